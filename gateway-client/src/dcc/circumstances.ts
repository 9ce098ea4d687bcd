import type { Circumstances } from './data.js';

export function joinCircumstances(found: readonly Circumstances[]): Circumstances {
  return {
    methods: found.flatMap((each) => each.methods),
    software: found.flatMap((each) => each.software),
    equipment: found.flatMap((each) => each.equipment),
    conditions: found.flatMap((each) => each.conditions),
  };
}
