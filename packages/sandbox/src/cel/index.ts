export { Environment, type Program, type Variables } from './environment.js';
export { type Ask, Authorizer, type Question, ResourceCheck } from './library/authorizer.js';
export { CompileError, EvaluationError, type Problem } from './problem.js';
export * as types from './type.js';
export { formatType, runtimeName, type Type } from './type.js';
export { CelMap, fromJson, typeName, type Value } from './value.js';
