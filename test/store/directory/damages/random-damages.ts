import { isQuick } from '../../../support/quick.ts'
import { seededRandom } from '../../../support/random.ts'
import { type Damage, type Patient, cut, damage, database, file, flip, header, pickle, slots } from './damage.ts'

const seeds = isQuick ? [1] : [1, 2, 3, 4]
export const randomDamages: Damage[] = [
  ...seeds.flatMap((seed) => [
    damage(`bytes of the database are flipped (${seed})`, null, 'none', (p: Patient) => flip(database(p), 40, seed), false),
    damage(`bytes of data_level0.bin are flipped (${seed})`, null, 'none', (p: Patient) => flip(file(p, slots), 40, seed)),
    damage(`bytes of header.bin are flipped (${seed})`, null, 'none', (p: Patient) => flip(file(p, header), 6, seed)),
    damage(`bytes of the pickle are flipped (${seed})`, null, 'none', (p: Patient) => flip(file(p, pickle), 10, seed)),
    damage(
      `the database ends at a random place (${seed})`,
      /lost its end|database cannot be used/,
      'none',
      (p: Patient) => cut(database(p), seededRandom(seed).next()),
      false,
    ),
    damage(`the pickle ends at a random place (${seed})`, /pickle cannot be read/, 'all', (p: Patient) =>
      cut(file(p, pickle), seededRandom(seed).next()),
    ),
  ]),
]
