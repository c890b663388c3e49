import { duplicate, type FieldError, invalidValue, required } from '../../../machinery/field-error.js';
import { asInternal } from '../../parts/internal-form.js';
import { isLabel, isSubdomain } from '../../parts/names.js';
import { named } from '../../parts/rules.js';
import { type Fields, isSet, list, text } from '../../parts/values.js';

/** validatePodResourceClaims. */
export function claimRules(claims: unknown, path: string, podName: string): FieldError[] {
  const names = new Set<string>();
  return list(claims).flatMap((claim, index) => {
    const at = `${path}[${index}]`;
    return [...nameRules(claim, `${at}.name`, names, podName), ...sourceRules(claim, at)];
  });
}

function nameRules({ name: said, resourceClaimTemplateName }: Fields, path: string, names: Set<string>, podName: string): FieldError[] {
  const name = text(said);
  if (name === '') return [required(path)];
  if (names.has(name)) return [duplicate(path, name)];
  names.add(name);
  const errors = named(isLabel, name, path);
  if (errors.length > 0 || podName === '' || !isSet(resourceClaimTemplateName)) return errors;
  const final = `${podName}-${name}`;
  return isSubdomain(final).map((problem) => invalidValue(path, final, `final ResourceClaim name: ${problem}`));
}

function sourceRules(claim: Fields, path: string): FieldError[] {
  const { resourceClaimName, resourceClaimTemplateName } = claim;
  const wrong = (words: string): FieldError[] => [invalidValue(path, asInternal('PodResourceClaim', claim), words)];
  return [
    ...(isSet(resourceClaimName) && isSet(resourceClaimTemplateName)
      ? wrong('at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified')
      : []),
    ...(isSet(resourceClaimName) || isSet(resourceClaimTemplateName)
      ? []
      : wrong('must specify one of: `resourceClaimName`, `resourceClaimTemplateName`')),
    ...['resourceClaimName', 'resourceClaimTemplateName'].flatMap((key) =>
      isSet(claim[key]) ? named(isSubdomain, text(claim[key]), `${path}.${key}`) : [],
    ),
  ];
}
