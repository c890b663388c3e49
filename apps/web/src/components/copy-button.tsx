'use client';
import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useAnnounce } from './announce';
import { Button } from './button';

/** Copies text and says that it did. A function is called at the click, for text that is large or still grows. */
export function CopyButton({ text, label = 'Copy', showLabel }: { text: string | (() => string); label?: string; showLabel?: boolean }) {
  const [copied, setCopied] = useState(false);
  const announce = useAnnounce();
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  const Icon = copied ? Check : Copy;
  const copy = async () => {
    await copyText(typeof text === 'string' ? text : text());
    setCopied(true);
    announce('Copied');
  };
  return (
    <Button
      variant={showLabel ? 'secondary' : 'quiet'}
      size="small"
      shape={showLabel ? 'text' : 'icon'}
      label={label}
      onClick={() => void copy()}
    >
      <Icon size={14} strokeWidth={1.75} aria-hidden />
      {showLabel ? (copied ? 'Copied' : label) : null}
    </Button>
  );
}

/** The clipboard API is missing on plain http addresses. */
async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
