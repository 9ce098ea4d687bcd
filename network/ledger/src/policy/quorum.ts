/** Signatures that a block needs so that `f` lying nodes of `n` can neither forge one nor prevent one. */
export function bftQuorum(nodes: number): number {
  return Math.ceil((nodes + tolerated(nodes) + 1) / 2);
}

/** How many lying nodes the others can bear. */
export function tolerated(nodes: number): number {
  return Math.floor((nodes - 1) / 3);
}
