'use client';
import type { Accepted } from '@fairlead/shared';
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import { useAnnounce } from '@/components/announce';
import { Button, LinkButton } from '@/components/button';
import { TopicFreshness } from '@/components/freshness';
import { Panel } from '@/components/panel';
import { formatClock } from '@/lib/format';
import { useRow, useRows, useTopic, useTopicState } from '@/lib/live/use-live';
import { paths } from '@/lib/paths';
import { useZone } from '@/lib/time';
import { Address, isWebAddress } from '../address';
import { DeleteAppDialog } from '../app/delete-app-dialog';
import { CausePanel } from '../cause-panel';
import { PodStrip } from '../pod-strip';
import { RevisionError } from '../revision-error';
import { RolloutLine } from '../rollout-line';
import { rolloutSteps } from '../rollout-steps';

/** The rollout as the cluster tells it, in the plan's place: from asked to serving, or to the cause. */
export function RolloutPanel({ accepted, project, onAnother }: { accepted: Accepted; project: string; onAnother: () => void }) {
  const { app, revision, auditId } = accepted;
  const router = useRouter();
  const topic = useTopic('app', { app: app.id });
  const state = useTopicState(topic);
  const row = useRow(topic, app.id);
  const pods = useRows(useTopic('pods', { app: app.id }));
  const zone = useZone();
  const [deleting, setDeleting] = useState(false);
  const steps = rolloutSteps(row, revision.number);
  const last = steps.at(-1);
  useAnnounceEnd(last?.state === 'done' || last?.state === 'failed' ? `${app.name}: ${last.words}` : null);
  const open = row?.status?.address && isWebAddress(row.status.address) && row.status.state === 'serving' ? row.status.address : null;
  const page = paths.app(project, app.name === 'new' ? app.id : app.name);
  return (
    <Panel title={`Rollout of ${app.name}, revision ${revision.number}`} actions={<TopicFreshness state={state} />}>
      <div className="flex flex-col gap-4">
        <p className="text-muted text-sm">
          Asked at {formatClock(revision.createdAt, zone)}.{' '}
          <a href={paths.auditEntry(auditId)} className="text-link underline underline-offset-2">
            Audit entry
          </a>
        </p>
        <RolloutLine steps={steps} column />
        {row?.revisionState === 'failed' || row?.revisionState === 'interrupted' ? (
          <RevisionError project={project} app={app.id} revision={row.revision} />
        ) : null}
        {row?.status?.cause ? <CausePanel cause={row.status.cause} state={row.status.state} /> : null}
        {pods.length > 0 ? <PodStrip pods={pods} /> : null}
        {row?.status ? (
          <p className="flex flex-wrap items-center gap-2 text-sm">
            <span className="text-muted">Answers at</span> <Address status={row.status} />
          </p>
        ) : null}
        <div className="flex flex-wrap gap-2 border-t pt-4">
          <LinkButton href={page} variant="primary">
            Open {app.name}
          </LinkButton>
          {open ? (
            <LinkButton href={open} external>
              Visit
            </LinkButton>
          ) : null}
          <Button onClick={onAnother}>Deploy another</Button>
          <Button variant="quiet" onClick={() => setDeleting(true)}>
            Undo…
          </Button>
        </div>
      </div>
      {deleting ? (
        <DeleteAppDialog
          app={app}
          project={project}
          onClose={() => setDeleting(false)}
          onDeleted={() => router.push(paths.apps(project))}
        />
      ) : null}
    </Panel>
  );
}

/** Speaks the verdict once. */
function useAnnounceEnd(sentence: string | null) {
  const announce = useAnnounce();
  const said = useRef<string | null>(null);
  useEffect(() => {
    if (!sentence || said.current === sentence) return;
    said.current = sentence;
    announce(sentence);
  }, [sentence, announce]);
}
