'use client';
import { cva, type VariantProps } from 'class-variance-authority';
import Link from 'next/link';
import type { MouseEvent, ReactNode, Ref } from 'react';
import { Tip } from './tooltip';

const look = cva(
  'inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-control border font-medium transition-colors duration-[120ms] aria-disabled:opacity-55 pointer-coarse:min-h-11',
  {
    variants: {
      variant: {
        primary: 'border-transparent bg-accent text-on-accent not-aria-disabled:hover:brightness-110',
        secondary: 'border-edge bg-surface text-text not-aria-disabled:hover:bg-hover',
        quiet: 'border-transparent bg-transparent text-text not-aria-disabled:hover:bg-hover',
        danger: 'border-transparent bg-danger text-on-danger not-aria-disabled:hover:brightness-110',
      },
      size: {
        small: 'h-7 px-2 text-xs',
        medium: 'h-8 px-3 text-sm',
        large: 'h-10 px-4 text-base',
      },
      shape: { text: '', icon: 'aspect-square px-0 pointer-coarse:min-w-11', wide: 'w-full' },
    },
    defaultVariants: { variant: 'secondary', size: 'medium', shape: 'text' },
  },
);

export interface ButtonProps extends VariantProps<typeof look> {
  children: ReactNode;
  onClick?: (event: MouseEvent<HTMLButtonElement>) => void;
  type?: 'button' | 'submit';
  /** Works on it: label and width stay. */
  busy?: boolean;
  /** Why this person or this moment may not: stays focusable and says so. */
  refused?: string | null;
  /** Name of a button that shows only an icon; also its tooltip. */
  label?: string;
  /** One of several that is chosen. */
  pressed?: boolean;
  keys?: string;
  form?: string;
  ref?: Ref<HTMLButtonElement>;
}

/** A button that says why when it cannot: `refused` leaves it in place, focusable, with the reason in its tooltip. */
export function Button({
  children,
  onClick,
  type = 'button',
  busy,
  refused,
  label,
  pressed,
  keys,
  form,
  ref,
  variant,
  size,
  shape,
}: ButtonProps) {
  const off = Boolean(busy || refused);
  const button = (
    <button
      ref={ref}
      // A native submit ignores aria-disabled.
      type={off ? 'button' : type}
      form={form}
      className={look({ variant, size, shape })}
      aria-disabled={off || undefined}
      aria-busy={busy || undefined}
      aria-label={label}
      aria-pressed={pressed}
      aria-keyshortcuts={keys}
      onClick={off ? (event) => event.preventDefault() : onClick}
    >
      {children}
    </button>
  );
  const tip = refused ?? (shape === 'icon' ? label : null);
  return tip ? <Tip text={tip}>{button}</Tip> : button;
}

export function LinkButton({
  href,
  children,
  label,
  external,
  download,
  variant,
  size,
  shape,
}: VariantProps<typeof look> & { href: string; children: ReactNode; label?: string; external?: boolean; download?: boolean }) {
  const className = look({ variant, size, shape });
  if (external || download) {
    return (
      <a
        href={href}
        className={className}
        aria-label={label}
        download={download}
        target={external ? '_blank' : undefined}
        rel={external ? 'noreferrer' : undefined}
      >
        {children}
      </a>
    );
  }
  return (
    <Link href={href} className={className} aria-label={label}>
      {children}
    </Link>
  );
}
