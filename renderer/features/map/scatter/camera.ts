/** What of the plane is seen: its middle and how much of it the shorter side of the view shows, in units of the positions. */
export interface Camera {
  readonly x: number
  readonly y: number
  /** Above 0. The same place looks the same in windows of any size. */
  readonly span: number
}
