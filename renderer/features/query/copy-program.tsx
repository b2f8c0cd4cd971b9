import { useMutation } from '@tanstack/react-query'
import { Code } from 'lucide-react'
import type { CollectionRef } from '../../../shared/contract/collections.ts'
import type { Probe, SearchSettings } from '../../../shared/contract/search.ts'
import { useClient } from '../../lib/client-context.tsx'
import { toastError } from '../../lib/toast-error.ts'
import { Button } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { toast } from '../../ui/toast.tsx'

const languages = [
  { language: 'python', name: 'Python' },
  { language: 'typescript', name: 'TypeScript' },
  { language: 'curl', name: 'curl' },
] as const

interface CopyProgramProps {
  readonly collection: CollectionRef
  readonly probes: readonly Probe[]
  readonly settings: SearchSettings
}

/** Copies a program that asks Chroma the same. */
export function CopyProgram({ collection, probes, settings }: CopyProgramProps) {
  const client = useClient()
  const copy = useMutation({
    mutationFn: async ({ language, name }: (typeof languages)[number]) => {
      const { text } = await client.call('search.program', { ...collection, probes: [...probes], settings, language })
      await navigator.clipboard.writeText(text)
      return name
    },
    onSuccess: (name) => toast({ key: 'copied', message: `Query copied as ${name}.` }),
    onError: toastError,
    meta: { showsError: true },
  })
  return (
    <Menu
      align="end"
      trigger={
        <Button variant="ghost" icon={<Code aria-hidden="true" />} busy={copy.isPending}>
          Copy as
        </Button>
      }
      entries={languages.map((each) => ({ label: each.name, onSelect: () => copy.mutate(each) }))}
    />
  )
}
