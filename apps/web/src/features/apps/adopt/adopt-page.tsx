'use client';
import type { Adoptable, Project } from '@fairlead/shared';
import { parseAsString, useQueryState } from 'nuqs';
import { useState } from 'react';
import { Asked } from '@/components/asked';
import { LinkButton } from '@/components/button';
import { Empty } from '@/components/empty';
import { SelectField } from '@/components/field';
import { PageHeader } from '@/components/page-header';
import { useAsk } from '@/lib/ask';
import { counted } from '@/lib/format';
import { paths } from '@/lib/paths';
import { allows, permissions } from '@/lib/roles';
import { routes } from '@/lib/routes';
import { type Place, placesOf } from '../deploy/place';
import { AdoptDialog } from './adopt-dialog';
import { Candidate } from './candidate';

/** What runs in the project's namespaces and no app has, each with the way into one. */
export function AdoptPage({ project }: { project: string }) {
  const answer = useAsk(routes.getProject, { params: { project } });
  return (
    <>
      <PageHeader title="Adopt what is already running" context={project} />
      <Asked answer={answer} waitingFor={project} rows={4}>
        {(data) => <Places project={data} />}
      </Asked>
    </>
  );
}

function Places({ project }: { project: Project }) {
  const [key, setKey] = useQueryState('in', parseAsString);
  const places = placesOf(project.namespaces);
  const place = places.find((each) => each.key === key) ?? places[0];
  const back = <LinkButton href={paths.apps(project.name)}>Apps of {project.name}</LinkButton>;
  if (!allows(project.myRole, 'apps.create')) {
    return (
      <Empty kind="not-allowed" title={`Adopting takes ${permissions['apps.create']} in ${project.name}`} action={back}>
        {project.myRole ? `You are ${project.myRole} there. ` : 'You have no role there. '}
        An admin of the project can give it.
      </Empty>
    );
  }
  if (!place) {
    return (
      <Empty
        kind="nothing"
        title={`${project.name} has no namespace yet`}
        action={<LinkButton href={paths.projectSettings(project.name)}>Project settings</LinkButton>}
      >
        What runs is looked for in the namespaces of a project. A platform admin can give it one that is there already.
      </Empty>
    );
  }
  return (
    <div className="flex flex-col gap-4">
      <div className="max-w-96">
        <SelectField
          label="Where"
          value={place.key}
          onChange={(next) => void setKey(next)}
          options={places.map((each) => ({ value: each.key, label: `${each.cluster} / ${each.namespace}` }))}
        />
      </div>
      <Found project={project.name} place={place} />
    </div>
  );
}

function Found({ project, place }: { project: string; place: Place }) {
  const where = { cluster: place.cluster, namespace: place.namespace };
  const answer = useAsk(routes.listAdoptable, { params: { project }, query: where });
  const [chosen, choose] = useState<Adoptable | null>(null);
  return (
    <Asked answer={answer} waitingFor={`${place.cluster} / ${place.namespace}`} rows={4}>
      {({ items }) => (
        <>
          {items.length === 0 ? (
            <Empty
              kind="nothing"
              title={`Nothing to adopt in ${place.namespace} on ${place.cluster}`}
              action={<LinkButton href={paths.apps(project)}>Apps of {project}</LinkButton>}
            >
              Every Deployment, StatefulSet, DaemonSet and CronJob there belongs to an app or to a controller that made it, or there is
              none. What runs in a namespace that is not the project's is not looked at.
            </Empty>
          ) : (
            <>
              <p className="text-muted text-sm">
                {counted(items.length, 'workload')} that no app has. Taking one in changes labels and annotations only: no pod restarts.
              </p>
              <ul className="flex flex-col gap-3">
                {items.map((item) => (
                  <Candidate key={`${item.kind}/${item.name}`} item={item} onAdopt={() => choose(item)} />
                ))}
              </ul>
            </>
          )}
          {chosen ? <AdoptDialog project={project} place={place} item={chosen} onClose={() => choose(null)} /> : null}
        </>
      )}
    </Asked>
  );
}
