/** A varint of up to 64 bits; negative numbers as Go writes them, in ten bytes. */
export function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

export const numberField = (number: number, value: number | bigint): Buffer => Buffer.concat([varint(number * 8), varint(value)]);

export const bytesField = (number: number, value: Buffer): Buffer => Buffer.concat([varint(number * 8 + 2), varint(value.length), value]);

export const textField = (number: number, value: string): Buffer => bytesField(number, Buffer.from(value, 'utf8'));

export function doubleField(number: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([varint(number * 8 + 1), bytes]);
}
