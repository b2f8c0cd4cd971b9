/** The app's sign: one memory in focus among its neighbours. */
export function BrandMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={className}>
      <rect width="32" height="32" rx="8" fill="var(--accent-solid)" />
      <g fill="var(--accent-ink)">
        <circle cx="16" cy="16" r="9" fill="none" stroke="var(--accent-ink)" strokeOpacity="0.45" strokeWidth="1.6" />
        <circle cx="16" cy="16" r="3.2" />
        <circle cx="22.4" cy="9.6" r="2" />
        <circle cx="8.6" cy="12.4" r="1.6" fillOpacity="0.8" />
        <circle cx="11.2" cy="23.6" r="1.6" fillOpacity="0.8" />
      </g>
    </svg>
  )
}
