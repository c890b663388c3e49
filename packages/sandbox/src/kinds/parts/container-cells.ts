import { list, text } from './values.js';

/** Names and images of a template's containers, as `-o wide` shows them. */
export const containerCells = (containers: unknown): [string, string] => [
  list(containers)
    .map(({ name }) => text(name))
    .join(','),
  list(containers)
    .map(({ image }) => text(image))
    .join(','),
];
