interface Open<N, R> {
  readonly node: N;
  readonly below: readonly N[];
  readonly made: R[];
  readonly into: R[];
}

/**
 * What is made of a tree, from the leaves up and in order. Without recursion: whoever sends a policy or a configuration decides how deep
 * its parts are nested.
 *
 * @param childrenOf is asked once for each node, with its depth: that of the root is 0
 * @param make makes something of a node and of what was made of its children
 */
export function folded<N, R>(
  root: N,
  childrenOf: (node: N, depth: number) => readonly N[],
  make: (node: N, below: readonly R[]) => R,
): R {
  const whole: R[] = [];
  const open: Open<N, R>[] = [];
  const enter = (node: N, into: R[]): void => {
    open.push({ node, below: childrenOf(node, open.length), made: [], into });
  };
  enter(root, whole);
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const { node, below, made, into } = top;
    if (made.length < below.length) {
      enter(below[made.length] as N, made);
    } else {
      open.pop();
      into.push(make(node, made));
    }
  }
  return whole[0] as R;
}
