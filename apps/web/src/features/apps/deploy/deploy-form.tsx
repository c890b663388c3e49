'use client';
import type { Accepted, AppSpec, Project } from '@fairlead/shared';
import { useSearchParams } from 'next/navigation';
import { type KeyboardEvent, useState } from 'react';
import { Button } from '@/components/button';
import { ErrorBox } from '@/components/error-box';
import { SelectField, TextArea, TextField } from '@/components/field';
import { Panel } from '@/components/panel';
import { Tabs } from '@/components/tabs';
import { call } from '@/lib/api';
import { useAct, useAsk } from '@/lib/ask';
import { onSubmit } from '@/lib/form';
import { routes } from '@/lib/routes';
import { blockedBy, PlanState, PlanView, unfinishedBy } from '../plan-view';
import { usePlan } from '../use-plan';
import { deriveName, freeName } from './derive-name';
import { knownPort } from './known-port';
import { nameInYaml } from './name-in-yaml';
import { placesOf } from './place';
import { PublicAddress } from './public-address';
import { RolloutPanel } from './rollout-panel';
import { SecretsEditor } from './secrets-editor';
import { MainFields, MoreFields } from './spec-fields';
import { emptySpecForm, readSecrets, readSpec, type SpecForm } from './spec-form';
import { useAddress } from './use-address';

type Kind = 'image' | 'yaml';

export function DeployForm({ project, onAnother }: { project: Project; onAnother: () => void }) {
  const prefill = useSearchParams().get('image') ?? '';
  const places = placesOf(project.namespaces);
  const [kind, setKind] = useState<Kind>('image');
  const [typed, setForm] = useState(() => emptySpecForm(prefill));
  const [portTyped, setPortTyped] = useState(false);
  const [yaml, setYaml] = useState('');
  const [typedName, setName] = useState<string | null>(null);
  const [placeKey, setPlace] = useState(places[0]?.key ?? '');
  const [accepted, setAccepted] = useState<Accepted | null>(null);
  const create = useAct(routes.createApp, [routes.listProjects, routes.getProject, routes.listApps]);

  const place = places.find(({ key }) => key === placeKey);
  const apps = useAsk(routes.listApps, { params: { project: project.name }, query: { limit: 500 } });
  const taken = apps.data?.items
    .filter((app) => app.namespace === place?.namespace && app.cluster.name === place.cluster)
    .map((app) => app.name);
  const name = accepted?.app.name ?? typedName ?? freeName(kind === 'image' ? deriveName(typed.image) : nameInYaml(yaml), taken ?? []);
  const known = portTyped ? null : knownPort(typed.image);
  const port = portTyped ? typed.port : (known?.port ?? null);
  const address = useAddress(project.name, kind === 'image' ? name : '', place, port);
  const form: SpecForm = { ...typed, port, host: address.host };
  const set = ({ host, ...part }: Partial<SpecForm>) => {
    if (host !== undefined) address.type(host);
    if ('port' in part) setPortTyped(true);
    setForm({ ...typed, ...part });
  };
  const { ownSecrets, secretValues } = kind === 'image' ? readSecrets(typed) : {};
  const imageSpec = (): AppSpec => ({
    ...(address.host && address.ingressClass ? { ingressClass: address.ingressClass } : {}),
    ...readSpec(form),
    ...(ownSecrets && { ownSecrets }),
  });
  const spec = kind === 'image' ? (typed.image.trim() ? imageSpec() : null) : yaml.trim() ? { kind: 'manifests' as const, yaml } : null;
  const waiting = kind === 'image' && address.waiting;
  const body = spec && name && place && !waiting ? { name, cluster: place.cluster, namespace: place.namespace, spec, secretValues } : null;
  const params = { project: project.name };
  const answer = usePlan(body && !accepted ? JSON.stringify({ project: project.id, ...body }) : null, (signal) =>
    body ? call(routes.planNewApp, { params, body, signal }) : Promise.reject(new Error('nothing to plan')),
  );
  const failure = create.error ?? answer.error;
  const issue = (field: string) => failure?.issue(field) ?? failure?.issue(`spec.${field}`);
  const blocked = answer.current ? (unfinishedBy(answer) ?? blockedBy(answer.plan)) : null;
  const idle = kind === 'image' ? 'Name an image first' : 'Paste YAML first';
  const refused = body ? blocked : waiting ? 'A free name is looked for' : idle;

  const deploy = () => {
    if (!body || refused || create.isPending) return;
    const planHash = answer.current ? answer.plan?.hash : undefined;
    create.mutate(
      { params, body: { ...body, planHash } },
      {
        onSuccess: (answered) => {
          setAccepted(answered);
          // The values have arrived; nothing here needs them any more.
          setForm((old) => ({ ...old, secrets: [] }));
          create.reset();
        },
        onError: (error) => {
          if (error.code === 'plan_changed') answer.again();
        },
      },
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    deploy();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Ctrl Enter deploys from every field of the form
    <div className="grid items-start gap-4 wide:grid-cols-2" onKeyDown={onKeyDown}>
      <form onSubmit={onSubmit(deploy)} className="min-w-0">
        <fieldset disabled={accepted !== null} className="min-w-0">
          <Panel>
            <Tabs
              value={kind}
              onChange={setKind}
              tabs={[
                { value: 'image', label: 'Image' },
                { value: 'yaml', label: 'YAML' },
              ]}
            >
              <div className="flex flex-col gap-4">
                {kind === 'image' ? (
                  <TextField
                    label="Image"
                    value={form.image}
                    onChange={(image) => set({ image })}
                    error={issue('image')}
                    placeholder="nginx:1.27"
                    autoFocus
                    mono
                    required
                  />
                ) : (
                  <TextArea
                    label="YAML"
                    value={yaml}
                    onChange={setYaml}
                    error={issue('yaml')}
                    rows={16}
                    placeholder={'apiVersion: apps/v1\nkind: Deployment\n…'}
                    hint="One or more documents. Every object lands in the namespace below."
                  />
                )}
                <TextField
                  label="Name"
                  value={name}
                  onChange={(next) => setName(next === '' ? null : next)}
                  error={issue('name')}
                  hint={typedName === null ? 'Taken from above until you type one. It stays.' : 'It stays.'}
                  mono
                  required
                />
                {kind === 'image' ? (
                  <MainFields
                    form={form}
                    set={set}
                    issue={issue}
                    portHint={known ? `${deriveName(typed.image)} listens there; makes a Service` : undefined}
                    address={<PublicAddress choice={address} />}
                  />
                ) : null}
                <SelectField
                  label="Where"
                  value={placeKey}
                  onChange={setPlace}
                  error={issue('namespace') ?? issue('cluster')}
                  options={places.map(({ key, cluster, namespace, ready }) => ({
                    value: key,
                    label: `${cluster} / ${namespace}${ready ? '' : ' (not ready yet)'}`,
                  }))}
                />
                {kind === 'image' ? (
                  <details>
                    <summary className="w-fit font-medium text-link text-sm">
                      More: variables, secrets, files, schedule, resources, health, command
                    </summary>
                    <div className="mt-3">
                      <MoreFields
                        form={form}
                        set={set}
                        issue={issue}
                        secrets={
                          <SecretsEditor
                            secrets={form.secrets}
                            onChange={(secrets) => set({ secrets })}
                            error={issue('ownSecrets') ?? issue('secretValues')}
                          />
                        }
                      />
                    </div>
                  </details>
                ) : null}
                {create.error && create.error.issues.length === 0 ? <ErrorBox error={create.error} /> : null}
                {accepted ? null : (
                  <div className="flex flex-wrap items-center gap-3">
                    <Button type="submit" variant="primary" size="large" busy={create.isPending} refused={refused} keys="Control+Enter">
                      Deploy {name}
                    </Button>
                    <span className="text-muted text-xs">
                      <kbd className="font-mono">Ctrl Enter</kbd>
                    </span>
                  </div>
                )}
              </div>
            </Tabs>
          </Panel>
        </fieldset>
      </form>
      {accepted ? (
        <RolloutPanel accepted={accepted} project={project.name} onAnother={onAnother} />
      ) : (
        <Panel title="Plan" actions={body ? <PlanState answer={answer} /> : null}>
          <PlanView
            answer={answer}
            idle={body ? '' : 'Name an image, and what would be made stands here before anything is. Nothing is changed until you deploy.'}
          />
        </Panel>
      )}
    </div>
  );
}
