import type { Finding } from '../../../shared/contract/connections.ts'

type Severity = Finding['severity']

/** What was noticed about a store; the same thing is told once. */
export class Findings {
  readonly #findings = new Map<string, Finding>()

  add(severity: Severity, code: string, message: string, remedy: string | null = null, collectionId: string | null = null): void {
    this.#findings.set(`${code} ${collectionId ?? ''} ${message}`, { severity, code, message, remedy, collectionId })
  }

  /** Errors first, then warnings. */
  list(): Finding[] {
    const rank: Record<Severity, number> = { error: 0, warning: 1, info: 2 }
    return [...this.#findings.values()].toSorted((a, b) => rank[a.severity] - rank[b.severity])
  }
}

/** A number with its noun: "1 record", "3,000 records". */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`
}
