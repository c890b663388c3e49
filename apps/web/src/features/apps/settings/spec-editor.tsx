'use client';
import type { App, AppSpec, ImageSpec, ManifestSpec } from '@fairlead/shared';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { AsCommand } from '@/components/as-command';
import { Button } from '@/components/button';
import { ErrorBox } from '@/components/error-box';
import { TextArea, TextField } from '@/components/field';
import { Panel } from '@/components/panel';
import { useToast } from '@/components/toast';
import { ApiError, call } from '@/lib/api';
import { useRefresh } from '@/lib/ask';
import { onSubmit } from '@/lib/form';
import { routes } from '@/lib/routes';
import { useApp } from '../app/app-context';
import { commandTarget } from '../app/command-target';
import { changeCommands } from '../commands';
import { useChoices } from '../conflicts/use-choices';
import { MainFields, MoreFields } from '../deploy/spec-fields';
import { readSpec, type SpecForm, writeSpec } from '../deploy/spec-form';
import { mergePatch } from '../merge-patch';
import { blockedBy, PlanState, PlanView, unfinishedBy } from '../plan-view';
import { undoneFailed } from '../text';
import { usePlan } from '../use-plan';
import { ConflictPanel } from './conflict-panel';

export interface SpecBase {
  spec: AppSpec;
  revision: number;
}

/** Edits the wanted state: only what differs is sent, for the revision it was read at; its plan stands beside it as it is typed. */
export function SpecEditor({ base, onTake }: { base: SpecBase; onTake: (app: App) => void }) {
  const { app, project, lacks } = useApp();
  const [mine, setMine] = useState<AppSpec>(base.spec);
  const [theirs, setTheirs] = useState<App | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const { show } = useToast();
  const refresh = useRefresh();
  const params = { project, app: app.id };
  const patch = mergePatch({ ...base.spec }, { ...mine });
  const dirty = Object.keys(patch).length > 0;
  const { choices, decide } = useChoices();
  const answer = usePlan(dirty && !theirs ? JSON.stringify([app.id, app.revision.number, patch, choices]) : null, (signal) =>
    call(routes.planApp, { params, body: { spec: patch, conflicts: choices }, signal }),
  );
  const refused =
    lacks('Changing it', 'apps.change') ??
    (dirty ? (answer.current ? (unfinishedBy(answer) ?? blockedBy(answer.plan)) : null) : 'Nothing is changed');
  const commands = changeCommands(commandTarget(app), { before: base.spec, after: mine, patch }, base.revision);
  const behind = app.revision.number > base.revision && !theirs;
  const form = useRef<HTMLFormElement>(null);
  // Nothing was typed and nobody is about to: what stands now is shown.
  useEffect(() => {
    if (behind && !dirty && !form.current?.contains(document.activeElement)) onTake(app);
  });
  const failure = error ?? answer.error;
  const issue = (field: string) => failure?.issue(`spec.${field}`) ?? failure?.issue(field);

  const save = async (revision: number, planHash: string | undefined) => {
    setBusy(true);
    setError(null);
    try {
      const accepted = await call(routes.changeApp, { params, body: { spec: patch, planHash, conflicts: choices }, ifMatch: revision });
      refresh(routes.getApp, routes.listRevisions, routes.listAudit);
      onTake(accepted.app);
      show({ title: `Asked: ${accepted.revision.summary || `${app.name} changed`}`, undo: () => undo(revision) });
    } catch (cause) {
      const failed = cause instanceof ApiError ? cause : null;
      if (failed?.code === 'revision_conflict') setTheirs(await call(routes.getApp, { params }).catch(() => null));
      else {
        setError(failed);
        if (failed?.code === 'plan_changed') answer.again();
      }
    } finally {
      setBusy(false);
    }
  };
  const undo = (revision: number) => {
    call(routes.rollbackApp, { params, body: { revision } }).catch((cause: unknown) =>
      show({ title: undoneFailed, description: cause instanceof Error ? cause.message : undefined }),
    );
  };
  const submit = () => {
    if (refused || busy || theirs) return;
    void save(base.revision, answer.current ? answer.plan?.hash : undefined); // shows its own failure
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const wants = (event.ctrlKey || event.metaKey) && (event.key === 'Enter' || event.key === 's');
    if (!wants) return;
    event.preventDefault();
    if (event.key === 'Enter') submit();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Ctrl Enter saves from every field of the form
    <div className="grid items-start gap-4 wide:grid-cols-2" onKeyDown={onKeyDown}>
      <form ref={form} onSubmit={onSubmit(submit)} className="min-w-0">
        <Panel title="Wanted" actions={<span className="text-muted text-xs">revision {base.revision}</span>}>
          <div className="flex flex-col gap-4">
            {mine.kind === 'image' ? (
              <ImageFields spec={mine} onChange={setMine} issue={issue} />
            ) : (
              <YamlFields spec={mine} onChange={setMine} issue={issue} />
            )}
            {behind && dirty ? (
              <p className="text-sm text-warn">Revision {app.revision.number} came meanwhile; saving shows both sides.</p>
            ) : null}
            {behind && !dirty ? (
              <p className="flex items-center gap-2 text-sm">
                Revision {app.revision.number} came meanwhile.
                <Button size="small" onClick={() => onTake(app)}>
                  Show it
                </Button>
              </p>
            ) : null}
            {theirs ? (
              <ConflictPanel
                base={base.spec}
                mine={mine}
                theirs={theirs}
                busy={busy}
                onMine={() => void save(theirs.revision.number, undefined)} // shows its own failure
                onTheirs={() => onTake(theirs)}
              />
            ) : null}
            {error && error.issues.length === 0 ? <ErrorBox error={error} /> : null}
            <div className="flex flex-wrap items-center gap-2">
              <Button type="submit" variant="primary" busy={busy} refused={theirs ? 'Choose a side first' : refused} keys="Control+Enter">
                Save {app.name}
              </Button>
              {dirty ? <Button onClick={() => setMine(base.spec)}>Drop changes</Button> : null}
              {dirty ? <AsCommand what={`Change ${app.name}`} commands={commands} /> : null}
              <span className="text-muted text-xs">
                <kbd className="font-mono">Ctrl Enter</kbd>
              </span>
            </div>
          </div>
        </Panel>
      </form>
      <Panel title="Plan" actions={dirty && !theirs ? <PlanState answer={answer} /> : null}>
        <PlanView
          answer={answer}
          idle={dirty ? '' : 'What a change would do stands here before it is saved.'}
          commands={dirty ? commands : undefined}
          decide={decide}
        />
      </Panel>
    </div>
  );
}

interface FieldsProps<S extends AppSpec> {
  spec: S;
  onChange: (spec: S) => void;
  issue: (field: string) => string | undefined;
}

function ImageFields({ spec, onChange, issue }: FieldsProps<ImageSpec>) {
  const [form, setForm] = useState<SpecForm>(() => writeSpec(spec));
  // "Drop changes" gives back the very spec the form was made from.
  const shown = JSON.stringify(readSpec(form)) === JSON.stringify(readSpec(writeSpec(spec))) ? form : writeSpec(spec);
  const set = (part: Partial<SpecForm>) => {
    const next = { ...shown, ...part };
    setForm(next);
    onChange({ ...readSpec(next), ownSecrets: spec.ownSecrets });
  };
  return (
    <>
      <TextField label="Image" value={shown.image} onChange={(image) => set({ image })} error={issue('image')} mono required />
      <MainFields form={shown} set={set} issue={issue} />
      <MoreFields form={shown} set={set} issue={issue} />
    </>
  );
}

function YamlFields({ spec, onChange, issue }: FieldsProps<ManifestSpec>) {
  return (
    <>
      <TextArea
        label="YAML"
        rows={24}
        value={spec.yaml}
        onChange={(yaml) => onChange({ ...spec, yaml })}
        error={issue('yaml')}
        hint="Every object lands in the app's namespace. Size and image set on the app's page win over those written here."
      />
      {spec.image !== undefined || spec.replicas !== undefined ? (
        <p className="text-muted text-sm">
          Set on the app's page:{' '}
          {[spec.image !== undefined ? `image ${spec.image}` : null, spec.replicas !== undefined ? `size ${spec.replicas}` : null]
            .filter(Boolean)
            .join(', ')}
          .
        </p>
      ) : null}
    </>
  );
}
