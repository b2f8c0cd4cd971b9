/** Milliseconds that a frame may take while the view moves: a thirtieth of a second, less what the page does besides. */
const longest = 24
const least = 4_000
const most = 4_000_000

/** How many points are drawn while the view moves, learnt from how long frames take. */
export class FrameBudget {
  #points = 20_000

  get points(): number {
    return this.#points
  }

  /** Tells that a frame of so many points took so long. Frames of few points say nothing about many. */
  tell(points: number, milliseconds: number): void {
    if (milliseconds > longest)
      this.#points = Math.max(least, Math.round(Math.min(points, this.#points) * Math.max(0.5, longest / milliseconds)))
    else if (points >= this.#points && milliseconds < longest * 0.6) this.#points = Math.min(most, Math.round(this.#points * 1.25))
  }
}
