import { Select as BaseSelect } from '@base-ui/react/select'
import { Check, ChevronsUpDown } from 'lucide-react'
import { cx } from './cx.ts'
import { itemClass, popupClass } from './popup-style.ts'
import { SearchSelect } from './search-select.tsx'
import { selectTriggerClass, type SelectProps } from './select-props.ts'

/** With more options than this a list is searched and not read. */
const mostListed = 60

/** One of some values; where these are many, they are found by typing. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  return props.options.length > mostListed ? <SearchSelect {...props} /> : <ListSelect {...props} />
}

function ListSelect<Value extends string>({
  value,
  onValueChange,
  options,
  label,
  disabled,
  size = 'medium',
  className,
}: SelectProps<Value>) {
  return (
    <BaseSelect.Root
      items={options.map((option) => ({ value: option.value, label: option.label }))}
      value={value}
      onValueChange={(next) => next !== null && onValueChange(next)}
      disabled={disabled}
    >
      <BaseSelect.Trigger aria-label={label} className={selectTriggerClass(size, className)}>
        <BaseSelect.Value className="truncate" />
        <BaseSelect.Icon>
          <ChevronsUpDown aria-hidden="true" className="size-3 text-ink-faint" />
        </BaseSelect.Icon>
      </BaseSelect.Trigger>
      <BaseSelect.Portal>
        <BaseSelect.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50">
          <BaseSelect.Popup className={cx(popupClass, 'max-h-80 min-w-(--anchor-width) overflow-y-auto p-1')}>
            <BaseSelect.List>
              {options.map((option) => (
                <BaseSelect.Item key={option.value} value={option.value} className={itemClass}>
                  {option.icon}
                  <BaseSelect.ItemText className="min-w-0 flex-1 truncate">{option.label}</BaseSelect.ItemText>
                  {option.hint && <span className="text-small text-ink-faint">{option.hint}</span>}
                  <span className="w-3.5">
                    <BaseSelect.ItemIndicator>
                      <Check aria-hidden="true" className="size-3.5" />
                    </BaseSelect.ItemIndicator>
                  </span>
                </BaseSelect.Item>
              ))}
            </BaseSelect.List>
          </BaseSelect.Popup>
        </BaseSelect.Positioner>
      </BaseSelect.Portal>
    </BaseSelect.Root>
  )
}
