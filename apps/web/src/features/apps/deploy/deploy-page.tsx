'use client';
import type { Project } from '@fairlead/shared';
import { useState } from 'react';
import { Asked } from '@/components/asked';
import { LinkButton } from '@/components/button';
import { Empty } from '@/components/empty';
import { PageHeader } from '@/components/page-header';
import { useAsk } from '@/lib/ask';
import { paths } from '@/lib/paths';
import { allows, permissions } from '@/lib/roles';
import { routes } from '@/lib/routes';
import { DeployForm } from './deploy-form';

/** One screen from an image name, or pasted YAML, to a running app: intent left, plan right, then the rollout in the plan's place. */
export function DeployPage({ project }: { project: string }) {
  const answer = useAsk(routes.getProject, { params: { project } });
  const [round, setRound] = useState(0);
  return (
    <>
      <PageHeader title={`Deploy to ${project}`} context={project} />
      <Asked answer={answer} waitingFor={project} rows={6}>
        {(data) => (
          <Ready project={data}>
            <DeployForm key={round} project={data} onAnother={() => setRound(round + 1)} />
          </Ready>
        )}
      </Asked>
    </>
  );
}

function Ready({ project, children }: { project: Project; children: React.ReactNode }) {
  const back = <LinkButton href={paths.apps(project.name)}>Apps of {project.name}</LinkButton>;
  if (!allows(project.myRole, 'apps.create')) {
    return (
      <Empty kind="not-allowed" title={`Deploying takes ${permissions['apps.create']} in ${project.name}`} action={back}>
        {project.myRole ? `You are ${project.myRole} there. ` : 'You have no role there. '}
        An admin of the project can give it.
      </Empty>
    );
  }
  if (project.namespaces.length === 0) {
    return (
      <Empty
        kind="nothing"
        title={`${project.name} has no namespace yet`}
        action={<LinkButton href={paths.projectSettings(project.name)}>Project settings</LinkButton>}
      >
        An app needs a namespace on a cluster. A platform admin can give the project one.
      </Empty>
    );
  }
  return children;
}
