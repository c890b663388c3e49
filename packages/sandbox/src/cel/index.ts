export { Environment, type Program, type Variables } from './environment.js';
export { type Ask, Authorizer, ResourceCheck } from './library/authorizer.js';
export { CompileError, EvaluationError } from './problem.js';
export * as types from './type.js';
export { formatType, type Type } from './type.js';
export { CelMap, fromJson, type Value } from './value.js';
