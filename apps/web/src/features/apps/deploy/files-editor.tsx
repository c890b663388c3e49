'use client';
import { Plus, Trash2 } from 'lucide-react';
import { Button } from '@/components/button';
import { TextArea, TextField } from '@/components/field';
import type { SpecForm } from './spec-form';

type Files = SpecForm['files'];

/** Files that the container finds at their paths. */
export function FilesEditor({ files, onChange, error }: { files: Files; onChange: (files: Files) => void; error?: string }) {
  const nextKey = files.reduce((max, { key }) => Math.max(max, key), 0) + 1;
  const change = (key: number, part: Partial<Files[number]>) => onChange(files.map((one) => (one.key === key ? { ...one, ...part } : one)));
  return (
    <fieldset>
      <legend className="mb-1 font-medium text-sm">Files</legend>
      <div className="flex flex-col gap-3">
        {files.map(({ key, path, content }, index) => (
          <div key={key} className="flex flex-col gap-1.5">
            <div className="grid grid-cols-[1fr_auto] items-start gap-1.5">
              <TextField
                bare
                label={`Path of file ${index + 1}`}
                placeholder="/etc/app/app.conf"
                mono
                value={path}
                onChange={(next) => change(key, { path: next })}
              />
              <Button
                variant="quiet"
                shape="icon"
                label={`Without ${path || `file ${index + 1}`}`}
                onClick={() => onChange(files.filter((one) => one.key !== key))}
              >
                <Trash2 size={16} strokeWidth={1.75} aria-hidden />
              </Button>
            </div>
            <TextArea
              bare
              label={`Content of ${path || `file ${index + 1}`}`}
              rows={Math.min(12, Math.max(3, content.split('\n').length))}
              value={content}
              onChange={(next) => change(key, { content: next })}
            />
          </div>
        ))}
      </div>
      {error ? <p className="mt-1 text-bad text-xs">{error}</p> : null}
      <div className="mt-1.5 flex flex-wrap items-center gap-2">
        <Button size="small" onClick={() => onChange([...files, { key: nextKey, path: '', content: '' }])}>
          <Plus size={14} strokeWidth={1.75} aria-hidden />
          File
        </Button>
        <span className="text-muted text-xs">Whoever sees the app reads these. Another content rolls the pods.</span>
      </div>
    </fieldset>
  );
}
