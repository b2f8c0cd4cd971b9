import { Search } from 'lucide-react'
import { TextInput, type TextInputProps } from './text-input.tsx'

export interface SearchInputProps extends Omit<TextInputProps, 'icon' | 'clearable' | 'aria-label'> {
  /** What is looked for; also what an empty input says, unless `placeholder` says something else. */
  label: string
}

/** One line of text to look for something, which can be emptied with a button. */
export function SearchInput({ label, placeholder = label, ...rest }: SearchInputProps) {
  return <TextInput aria-label={label} placeholder={placeholder} icon={<Search aria-hidden="true" />} clearable {...rest} />
}
