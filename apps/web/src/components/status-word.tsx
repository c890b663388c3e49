import { cva, type VariantProps } from 'class-variance-authority';
import {
  Ban,
  Check,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  CirclePause,
  CircleSlash,
  Clock,
  FileX,
  Hourglass,
  LoaderCircle,
  Lock,
  LockOpen,
  LogOut,
  type LucideIcon,
  MemoryStick,
  Moon,
  OctagonX,
  PackageX,
  ServerOff,
  Timer,
  TriangleAlert,
  Unplug,
} from 'lucide-react';
import type { Status, StatusIcon } from '@/lib/status';

const icons: Record<StatusIcon, LucideIcon> = {
  ban: Ban,
  check: Check,
  'circle-check': CircleCheck,
  'circle-dashed': CircleDashed,
  'circle-pause': CirclePause,
  'circle-slash': CircleSlash,
  clock: Clock,
  'file-x': FileX,
  hourglass: Hourglass,
  loader: LoaderCircle,
  lock: Lock,
  'lock-open': LockOpen,
  'log-out': LogOut,
  memory: MemoryStick,
  moon: Moon,
  'octagon-x': OctagonX,
  'package-x': PackageX,
  question: CircleHelp,
  'server-off': ServerOff,
  timer: Timer,
  'triangle-alert': TriangleAlert,
  unplug: Unplug,
};

const look = cva('inline-flex items-center gap-1.5 whitespace-nowrap align-top font-medium', {
  variants: {
    tone: { ok: 'text-ok', busy: 'text-busy', warn: 'text-warn', bad: 'text-bad', idle: 'text-idle', stale: 'text-stale' },
    variant: { text: '', chip: 'rounded-chip px-1.5 py-0.5' },
    size: { small: 'text-xs', medium: 'text-sm', large: 'text-lg' },
  },
  compoundVariants: [
    { variant: 'chip', tone: 'ok', class: 'bg-ok-tint' },
    { variant: 'chip', tone: 'busy', class: 'bg-busy-tint' },
    { variant: 'chip', tone: 'warn', class: 'bg-warn-tint' },
    { variant: 'chip', tone: 'bad', class: 'bg-bad-tint' },
    { variant: 'chip', tone: 'idle', class: 'bg-idle-tint' },
    { variant: 'chip', tone: 'stale', class: 'bg-stale-tint' },
  ],
  defaultVariants: { variant: 'text', size: 'medium' },
});

/** A state as shape, word and colour, in this order of weight. */
export function StatusWord({
  status,
  detail,
  variant,
  size,
}: { status: Status; detail?: string | null } & Pick<VariantProps<typeof look>, 'variant' | 'size'>) {
  return (
    <span className={look({ tone: status.tone, variant, size })}>
      <StatusMark status={status} size={size === 'large' ? 20 : 16} />
      {status.word}
      {detail ? <span className="font-normal">· {detail}</span> : null}
    </span>
  );
}

/** The shape alone, beside a word that stands elsewhere. */
export function StatusMark({ status, size = 16 }: { status: Status; size?: 14 | 16 | 20 }) {
  const Icon = icons[status.icon];
  return <Icon size={size} strokeWidth={1.75} aria-hidden className={status.icon === 'loader' ? 'spin-slow shrink-0' : 'shrink-0'} />;
}
