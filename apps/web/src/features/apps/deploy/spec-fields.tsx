'use client';
import type { ReactNode } from 'react';
import { Checkbox, SelectField, TextArea, TextField } from '@/components/field';
import { NumberField } from '@/components/number-field';
import { EnvEditor } from './env-editor';
import { FilesEditor } from './files-editor';
import { type PullPolicy, readRest, type SpecForm } from './spec-form';

export interface SpecFieldsProps {
  form: SpecForm;
  set: (part: Partial<SpecForm>) => void;
  /** The message for one field of the spec, by its name in the contract. */
  issue: (field: string) => string | undefined;
}

const policies: { value: PullPolicy; label: string }[] = [
  { value: 'IfNotPresent', label: 'If it is not on the node' },
  { value: 'Always', label: 'Always' },
  { value: 'Never', label: 'Never' },
];

interface MainFieldsProps extends SpecFieldsProps {
  /** Where the port is from. */
  portHint?: string;
  /** Stands before the field for the address. */
  address?: ReactNode;
}

/** Size, port and address: what is set most often. */
export function MainFields({ form, set, issue, portHint = 'makes a Service', address }: MainFieldsProps) {
  return (
    <>
      <div className="flex flex-wrap gap-4">
        <NumberField
          label="Size"
          value={form.replicas}
          onChange={(replicas) => set({ replicas })}
          min={0}
          max={1000}
          error={issue('replicas')}
        />
        <NumberField
          label="Port"
          value={form.port}
          onChange={(port) => set({ port })}
          min={1}
          max={65_535}
          error={issue('port')}
          hint={portHint}
        />
      </div>
      {address}
      <TextField
        label="Address (optional)"
        value={form.host}
        onChange={(host) => set({ host })}
        error={issue('host')}
        placeholder="web.shop.example.com"
        hint="A host name makes an Ingress; it needs a port."
        mono
      />
    </>
  );
}

/** Everything else, one disclosure away. */
export function MoreFields({ form, set, issue, secrets }: SpecFieldsProps & { secrets?: ReactNode }) {
  return (
    <div className="flex flex-col gap-4">
      <fieldset>
        <legend className="mb-1 font-medium text-sm">Autoscaling (optional)</legend>
        <div className="flex flex-wrap gap-4">
          <NumberField
            label="At least"
            value={form.minReplicas}
            onChange={(minReplicas) => set({ minReplicas })}
            min={1}
            max={1000}
            error={issue('autoscaling.minReplicas')}
          />
          <NumberField
            label="At most"
            value={form.maxReplicas}
            onChange={(maxReplicas) => set({ maxReplicas })}
            min={1}
            max={1000}
            error={issue('autoscaling.maxReplicas')}
          />
          <NumberField
            label="CPU target, %"
            value={form.cpuPercent}
            onChange={(cpuPercent) => set({ cpuPercent })}
            min={1}
            max={1000}
            error={issue('autoscaling.cpuPercent')}
            hint="of the CPU asked"
          />
          <NumberField
            label="Memory target, %"
            value={form.memoryPercent}
            onChange={(memoryPercent) => set({ memoryPercent })}
            min={1}
            max={1000}
            error={issue('autoscaling.memoryPercent')}
            hint="of the memory asked"
          />
        </div>
      </fieldset>
      <fieldset>
        <legend className="mb-1 font-medium text-sm">Schedule (optional)</legend>
        <div className="grid gap-2 sm:grid-cols-2">
          <TextField
            label="Runs at (cron)"
            placeholder="0 3 * * *"
            mono
            value={form.cron}
            onChange={(cron) => set({ cron })}
            error={issue('schedule.cron')}
            hint="Instead of all the time, and without a port; the plan says when."
          />
          <TextField
            label="Time zone"
            placeholder="Europe/Berlin"
            mono
            value={form.timeZone}
            onChange={(timeZone) => set({ timeZone })}
            error={issue('schedule.timeZone')}
          />
        </div>
      </fieldset>
      <EnvEditor env={form.env} onChange={(env) => set({ env })} error={issue('env')} />
      {secrets}
      <FilesEditor files={form.files} onChange={(files) => set({ files })} error={issue('files')} />
      <fieldset>
        <legend className="mb-1 font-medium text-sm">Resources</legend>
        <div className="grid grid-cols-2 gap-2">
          <TextField
            label="CPU asked"
            placeholder="250m"
            mono
            value={form.cpu}
            onChange={(cpu) => set({ cpu })}
            error={issue('resources.cpu')}
          />
          <TextField
            label="CPU at most"
            placeholder="1"
            mono
            value={form.cpuLimit}
            onChange={(cpuLimit) => set({ cpuLimit })}
            error={issue('resources.cpuLimit')}
          />
          <TextField
            label="Memory asked"
            placeholder="256Mi"
            mono
            value={form.memory}
            onChange={(memory) => set({ memory })}
            error={issue('resources.memory')}
          />
          <TextField
            label="Memory at most"
            placeholder="512Mi"
            mono
            value={form.memoryLimit}
            onChange={(memoryLimit) => set({ memoryLimit })}
            error={issue('resources.memoryLimit')}
          />
        </div>
      </fieldset>
      <TextField
        label="Health path (optional)"
        placeholder="/ready"
        mono
        value={form.healthPath}
        onChange={(healthPath) => set({ healthPath })}
        error={issue('healthPath')}
        hint="A pod is ready when this path answers 200 on the port; without it, when the port takes a connection."
      />
      <SelectField
        label="Pull the image"
        value={form.imagePullPolicy}
        onChange={(imagePullPolicy) => set({ imagePullPolicy })}
        options={policies}
      />
      <div className="grid gap-2 sm:grid-cols-2">
        <TextField
          label="Command (optional)"
          placeholder="sh -c 'exec app'"
          mono
          value={form.command}
          onChange={(command) => set({ command })}
          error={issue('command')}
        />
        <TextField label="Arguments (optional)" mono value={form.args} onChange={(args) => set({ args })} error={issue('args')} />
      </div>
      <TextArea
        label="Other fields (JSON, optional)"
        value={form.rest}
        onChange={(rest) => set({ rest })}
        error={readRest(form.rest) === null ? 'This is no JSON object.' : issue('rest')}
        hint="secrets of others, routes, probes, volumes, placement, disruption, termination, overlay: see AppSpec in /api/docs."
        rows={4}
      />
      <Checkbox
        label="Hardened"
        hint="Not as root, no capabilities, a read-only root file system. Many public images need more."
        checked={form.hardened}
        onChange={(hardened) => set({ hardened })}
      />
    </div>
  );
}
