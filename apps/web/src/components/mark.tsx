/** The fitting that guides a rope: Fairlead's mark. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden className="shrink-0 text-on-accent">
      <rect width="32" height="32" rx="7" fill="var(--accent)" />
      <g fill="none" stroke="currentColor" strokeWidth="2.6" strokeLinecap="round">
        <path d="M9 25v-9a7 7 0 0 1 14 0v9" />
        <path d="M6 25h20" />
        <path d="M4 12c6 6 18 6 24 0" opacity=".65" />
      </g>
    </svg>
  );
}
