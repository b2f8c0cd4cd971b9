import type { Damage } from './damage.ts'
import { databaseDamages } from './database-damages.ts'
import { indexFileDamages } from './index-file-damages.ts'
import { pickleDamages } from './pickle-damages.ts'
import { randomDamages } from './random-damages.ts'
import { tableDamages } from './table-damages.ts'

export const damages: readonly Damage[] = [...pickleDamages, ...indexFileDamages, ...databaseDamages, ...tableDamages, ...randomDamages]
