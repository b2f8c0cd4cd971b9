/** Class of a tab that is a link to a view of its own; `data-active` marks the one that is shown. */
export const tabClass =
  'relative flex h-9 items-center gap-1.5 px-2 text-body text-ink-muted transition-colors hover:text-ink data-active:text-ink data-active:font-strong after:absolute after:inset-x-2 after:bottom-0 after:h-0.5 after:rounded-sm data-active:after:bg-accent [&_svg]:size-3.5'
