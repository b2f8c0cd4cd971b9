/** The surface of everything that floats: menus, selects and popovers. */
export const popupClass =
  'rounded-lg bg-raised text-body text-ink shadow-popup outline-none transition-[opacity,scale] duration-100 ease-out data-ending-style:opacity-0 data-instant:duration-0 data-starting-style:scale-98 data-starting-style:opacity-0 origin-(--transform-origin)'

/** One line of a menu or select. */
export const itemClass =
  'flex h-7 items-center gap-2 rounded-md px-2 text-body text-ink outline-none select-none data-disabled:opacity-50 data-highlighted:bg-hover data-highlighted:outline-none [&_svg]:size-3.5 [&_svg]:shrink-0'
