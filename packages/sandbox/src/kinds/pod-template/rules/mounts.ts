import { type FieldError, forbiddenField, invalidValue, notFoundValue, notSupported, required } from '../../../machinery/field-error.js';
import { descendingPath, noBacksteps } from '../../parts/paths.js';
import { type Fields, fields, isFields, isSet, list, text } from '../../parts/values.js';

/** volumeMounts and volumeDevices of a container, which may not meet. */
export function mountRules(container: Fields, path: string, volumes: ReadonlyMap<string, Fields>): FieldError[] {
  const devices = list(container.volumeDevices);
  const mounts = list(container.volumeMounts);
  return [
    ...volumeMounts(container, mounts, devices, `${path}.volumeMounts`, volumes),
    ...volumeDevices(devices, mounts, `${path}.volumeDevices`, volumes),
  ];
}

function volumeMounts(
  container: Fields,
  mounts: readonly Fields[],
  devices: readonly Fields[],
  path: string,
  volumes: ReadonlyMap<string, Fields>,
): FieldError[] {
  const seen = new Set<string>();
  return mounts.flatMap((mount, index) => {
    const at = `${path}[${index}]`;
    const [name, mountPath, subPath, subPathExpr] = [text(mount.name), text(mount.mountPath), text(mount.subPath), text(mount.subPathExpr)];
    const errors: FieldError[] = [];
    if (name === '') errors.push(required(`${at}.name`));
    if (!volumes.has(name)) errors.push(notFoundValue(`${at}.name`, name));
    if (mountPath === '') errors.push(required(`${at}.mountPath`));
    if (seen.has(mountPath)) errors.push(invalidValue(`${at}.mountPath`, mountPath, 'must be unique'));
    seen.add(mountPath);
    if (devices.some((each) => text(each.name) === name))
      errors.push(invalidValue(`${at}.name`, name, 'must not already exist in volumeDevices'));
    if (devices.some((each) => text(each.devicePath) === mountPath))
      errors.push(invalidValue(`${at}.mountPath`, mountPath, 'must not already exist as a path in volumeDevices'));
    if (subPath !== '') errors.push(...descendingPath(subPath, `${path}.subPath`));
    if (subPathExpr !== '') {
      if (subPath !== '') errors.push(invalidValue(`${at}.subPathExpr`, subPathExpr, 'subPathExpr and subPath are mutually exclusive'));
      errors.push(...descendingPath(subPathExpr, `${path}.subPathExpr`));
    }
    if (isSet(mount.mountPropagation)) errors.push(...propagation(text(mount.mountPropagation), container, `${path}.mountPropagation`));
    return [...errors, ...recursiveReadOnly(mount, `${path}.recursiveReadOnly`)];
  });
}

const propagations = ['Bidirectional', 'HostToContainer', 'None'];

function propagation(mode: string, container: Fields, path: string): FieldError[] {
  const errors = propagations.includes(mode) ? [] : [notSupported(path, mode, propagations)];
  if (mode === 'Bidirectional' && fields(container.securityContext).privileged !== true)
    errors.push(forbiddenField(path, 'Bidirectional mount propagation is available only to privileged containers'));
  return errors;
}

function recursiveReadOnly({ recursiveReadOnly: mode, readOnly, mountPropagation }: Fields, path: string): FieldError[] {
  if (!isSet(mode) || mode === 'Disabled') return [];
  if (mode !== 'Enabled' && mode !== 'IfPossible') return [notSupported(path, mode, ['Disabled', 'Enabled', 'IfPossible'])];
  const errors: FieldError[] = [];
  if (readOnly !== true) errors.push(forbiddenField(path, 'may only be specified when readOnly is true'));
  if (isSet(mountPropagation) && mountPropagation !== 'None')
    errors.push(forbiddenField(path, 'may only be specified when mountPropagation is None or not specified'));
  return errors;
}

function volumeDevices(
  devices: readonly Fields[],
  mounts: readonly Fields[],
  path: string,
  volumes: ReadonlyMap<string, Fields>,
): FieldError[] {
  const [names, paths] = [new Set<string>(), new Set<string>()];
  return devices.flatMap((device, index) => {
    const at = `${path}[${index}]`;
    const [name, devicePath, volume] = [text(device.name), text(device.devicePath), volumes.get(text(device.name))];
    const errors: FieldError[] = [];
    if (name === '') errors.push(required(`${at}.name`));
    if (names.has(name)) errors.push(invalidValue(`${at}.name`, name, 'must be unique'));
    if (!volume) errors.push(notFoundValue(`${at}.name`, name));
    else if (!isFields(volume.persistentVolumeClaim) && !isFields(volume.ephemeral))
      errors.push(invalidValue(`${at}.name`, name, 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode'));
    if (devicePath === '') errors.push(required(`${at}.devicePath`));
    if (paths.has(devicePath)) errors.push(invalidValue(`${at}.devicePath`, devicePath, 'must be unique'));
    if (noBacksteps(devicePath, path).length > 0)
      errors.push(invalidValue(`${at}.devicePath`, devicePath, "can not contain backsteps ('..')"));
    else paths.add(devicePath);
    if (mounts.some((each) => text(each.name) === name))
      errors.push(invalidValue(`${at}.name`, name, 'must not already exist in volumeMounts'));
    if (mounts.some((each) => text(each.mountPath) === devicePath))
      errors.push(invalidValue(`${at}.devicePath`, devicePath, 'must not already exist as a path in volumeMounts'));
    if (name !== '') names.add(name);
    return errors;
  });
}
