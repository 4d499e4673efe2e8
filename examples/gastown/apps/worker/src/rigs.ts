/** A checkout that agents work in. */
export interface Rig {
  name: string;
  repository: string;
}

/** The rigs of each org, or of each user that has none; kept in memory. */
export class Rigs {
  private readonly byOwner = new Map<string, Rig[]>();

  of(owner: string): readonly Rig[] {
    return this.byOwner.get(owner) ?? [];
  }

  add(owner: string, rig: Rig): void {
    this.byOwner.set(owner, [...this.of(owner), rig]);
  }
}
