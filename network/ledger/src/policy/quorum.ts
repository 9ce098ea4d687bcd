/** Number of signatures that a block needs, so that `f` faulty nodes of `n` can neither forge a block nor prevent one. */
export function bftQuorum(nodes: number): number {
  return Math.ceil((nodes + tolerated(nodes) + 1) / 2);
}

/** How many faulty nodes the others tolerate. */
export function tolerated(nodes: number): number {
  return Math.floor((nodes - 1) / 3);
}
