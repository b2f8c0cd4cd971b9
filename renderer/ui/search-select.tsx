import { Combobox } from '@base-ui/react/combobox'
import { Check, ChevronsUpDown, Search } from 'lucide-react'
import { formatCount } from '../lib/format.ts'
import { cx } from './cx.ts'
import { itemClass, popupClass } from './popup-style.ts'
import { selectTriggerClass, type SelectOption, type SelectProps } from './select-props.ts'

/** Further ones are found by typing. */
const mostShown = 100

/** One of many values, of which those that match what is typed are listed. */
export function SearchSelect<Value extends string>({
  value,
  onValueChange,
  options,
  label,
  disabled,
  size = 'medium',
  className,
}: SelectProps<Value>) {
  const chosen = options.find((option) => option.value === value) ?? null
  return (
    <Combobox.Root
      items={options}
      value={chosen}
      onValueChange={(next) => next !== null && onValueChange(next.value)}
      isItemEqualToValue={(a: SelectOption<Value>, b: SelectOption<Value>) => a.value === b.value}
      itemToStringLabel={(option: SelectOption<Value>) => option.label}
      limit={mostShown}
      autoHighlight
      disabled={disabled}
    >
      <Combobox.Trigger aria-label={label} className={selectTriggerClass(size, className)}>
        <span className="truncate">{chosen?.label ?? value}</span>
        <ChevronsUpDown aria-hidden="true" className="size-3 shrink-0 text-ink-faint" />
      </Combobox.Trigger>
      <Combobox.Portal>
        <Combobox.Positioner sideOffset={4} align="start" collisionPadding={8} className="z-50 outline-none">
          <Combobox.Popup className={cx(popupClass, 'flex max-h-80 max-w-96 min-w-(--anchor-width) flex-col overflow-hidden')}>
            <div className="flex h-9 shrink-0 items-center gap-2 border-b border-line px-3">
              <Search aria-hidden="true" className="size-3.5 shrink-0 text-ink-faint" />
              <Combobox.Input
                aria-label={label === undefined ? 'Find' : `Find: ${label}`}
                placeholder={`Find among ${formatCount(options.length)}`}
                autoComplete="off"
                spellCheck={false}
                className="min-w-0 flex-1 bg-transparent text-body text-ink outline-none placeholder:text-ink-faint"
              />
            </div>
            <Combobox.Empty className="px-3 py-2 text-body text-ink-muted empty:hidden">Nothing matches.</Combobox.Empty>
            <Combobox.List className="min-h-0 overflow-y-auto overscroll-contain p-1 empty:hidden">
              {(option: SelectOption<Value>) => (
                <Combobox.Item key={option.value} value={option} className={itemClass}>
                  {option.icon}
                  <span className="min-w-0 flex-1 truncate">{option.label}</span>
                  {option.hint && <span className="shrink-0 text-small text-ink-faint">{option.hint}</span>}
                  <span className="w-3.5 shrink-0">
                    <Combobox.ItemIndicator>
                      <Check aria-hidden="true" className="size-3.5" />
                    </Combobox.ItemIndicator>
                  </span>
                </Combobox.Item>
              )}
            </Combobox.List>
          </Combobox.Popup>
        </Combobox.Positioner>
      </Combobox.Portal>
    </Combobox.Root>
  )
}
