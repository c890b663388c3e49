'use client';
import { Plus } from 'lucide-react';
import { Button } from '@/components/button';
import { Checkbox } from '@/components/field';
import { newRule, type RuleDraft } from './rule-draft';
import { RuleRow } from './rule-row';

/** One direction: no rules and everything goes, or only what is listed. `offers` are rules that seem to be wanted here. */
export function DirectionFields({
  title,
  side,
  only,
  none,
  rules,
  offers = [],
  onChange,
}: {
  title: string;
  side: 'From' | 'To';
  /** The switch, in words. */
  only: string;
  /** What an empty list means. */
  none: string;
  rules: RuleDraft[] | null;
  offers?: { label: string; rule: Partial<RuleDraft> }[];
  onChange: (rules: RuleDraft[] | null) => void;
}) {
  const add = (given: Partial<RuleDraft> = {}) =>
    onChange([...(rules ?? []), newRule(Math.max(-1, ...(rules ?? []).map(({ key }) => key)) + 1, given)]);
  const missing = offers.filter(({ rule }) => !rules?.some(({ kind, value }) => kind === rule.kind && value === rule.value));
  return (
    <section aria-label={title} className="flex flex-col gap-2">
      <h3 className="font-medium text-sm">{title}</h3>
      <Checkbox label={only} checked={rules !== null} onChange={(checked) => onChange(checked ? [] : null)} />
      {rules === null ? null : (
        <>
          {rules.length === 0 ? <p className="text-muted text-sm">{none}</p> : null}
          {rules.map((rule, i) => (
            <RuleRow
              key={rule.key}
              title={`rule ${i + 1}, ${side.toLowerCase()}`}
              rule={rule}
              side={side}
              shown={rule.value !== ''}
              onChange={(next) => onChange(rules.map((each) => (each.key === rule.key ? next : each)))}
              onRemove={() => onChange(rules.filter((each) => each.key !== rule.key))}
            />
          ))}
          <div className="flex flex-wrap gap-2">
            <Button size="small" onClick={() => add()}>
              <Plus size={14} strokeWidth={1.75} aria-hidden />
              Add a rule
            </Button>
            {missing.map(({ label, rule }) => (
              <Button key={label} size="small" onClick={() => add(rule)}>
                <Plus size={14} strokeWidth={1.75} aria-hidden />
                {label}
              </Button>
            ))}
          </div>
        </>
      )}
    </section>
  );
}
