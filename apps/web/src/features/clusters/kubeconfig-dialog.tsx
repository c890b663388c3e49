'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { CodeBlock } from '@/components/as-command';
import { Button } from '@/components/button';
import { CopyButton } from '@/components/copy-button';
import { Actions, Dialog } from '@/components/dialog';
import { ErrorBox } from '@/components/error-box';
import { SelectField } from '@/components/field';
import { type ApiError, callText } from '@/lib/api';
import { routes } from '@/lib/routes';

const lives = [
  { value: '8', label: '8 hours' },
  { value: '24', label: 'a day' },
  { value: '168', label: 'a week' },
  { value: '720', label: '30 days' },
] as const;

/** A kubeconfig for kubectl through Fairlead, with a new token in it: shown this once. */
export function KubeconfigDialog({ cluster, open, onClose }: { cluster: string; open: boolean; onClose: () => void }) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      size="large"
      title={`Kubeconfig for ${cluster}`}
      description="It holds a new token of yours that works on this cluster only. You can revoke it among your tokens."
    >
      <KubeconfigForm cluster={cluster} onClose={onClose} />
    </Dialog>
  );
}

function KubeconfigForm({ cluster, onClose }: { cluster: string; onClose: () => void }) {
  const [hours, setHours] = useState<(typeof lives)[number]['value']>('8');
  const client = useQueryClient();
  const make = useMutation<string, ApiError>({
    mutationFn: () => callText(routes.createKubeconfig, { params: { cluster }, body: { expiresInHours: Number(hours) } }),
    // The only copy is on this screen: nothing is kept when it closes.
    gcTime: 0,
    onSuccess: () => client.invalidateQueries({ queryKey: [routes.listTokens.path] }),
  });
  const file = `fairlead-${cluster}.yaml`;
  if (make.data !== undefined) {
    return (
      <div className="flex flex-col gap-4">
        <p className="rounded-panel border border-warn-solid bg-warn-tint px-3 py-2 text-sm">
          This is shown once. Whoever has the file can do in {cluster} what you can, for as long as the token lives.
        </p>
        <div className="flex flex-wrap gap-2">
          <Button variant="primary" onClick={() => download(file, make.data)}>
            <Download size={16} strokeWidth={1.75} aria-hidden />
            Download {file}
          </Button>
          <CopyButton text={make.data} label="Copy the kubeconfig" showLabel />
        </div>
        <CodeBlock text={`export KUBECONFIG=$PWD/${file}\nkubectl get pods`} />
        <Actions>
          <Button onClick={onClose}>Done</Button>
        </Actions>
      </div>
    );
  }
  return (
    <div className="flex flex-col gap-4">
      <div className="w-48">
        <SelectField label="Works for" value={hours} onChange={setHours} options={lives} />
      </div>
      {make.error ? <ErrorBox error={make.error} /> : null}
      <Actions>
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="primary" busy={make.isPending} onClick={() => make.mutate()}>
          Make kubeconfig
        </Button>
      </Actions>
    </div>
  );
}

function download(name: string, text: string) {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/yaml' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
