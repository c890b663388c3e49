import { describe, expect, it } from 'vitest';
import { CompileError, Environment, EvaluationError, fromJson, types, type Value } from './index.js';

const request = types.object('kubernetes.AdmissionRequest', {
  operation: types.string,
  userInfo: types.object('kubernetes.UserInfo', { username: types.string, groups: types.list(types.string) }),
});
const environment = new Environment({ object: types.dyn, request });
const data = {
  metadata: { name: 'x', labels: { 'a/b': '1' } },
  spec: { replicas: 3, ratio: 1.5, containers: [{ image: 'nginx' }, { image: 'redis', ports: [80] }] },
};
const variables = {
  object: fromJson(data),
  request: fromJson({ operation: 'CREATE', userInfo: { username: 'jane', groups: ['a', 'b'] } }, request),
};
const evaluate = (source: string): Value => environment.compile(source).evaluate(variables);

describe('expressions that hold', () => {
  it.each([
    "object.metadata.?labels[?'a/b'].orValue('') != ''",
    "object.metadata.?labels[?'none'].orValue('') == ''",
    'object.?foo.orValue([]).all(x, x.y == 1)',
    '!has(object.spec.foo) && has(object.spec.replicas)',
    'object.spec.zz == 1 || true',
    'object.spec.replicas <= 5 && object.spec.replicas + 1 == 4',
    'object.spec.ratio == 1.5 && object.spec.replicas < 3.5',
    "object.spec.containers.exists(c, c.image == 'redis')",
    'object.spec.containers.exists(c, c.ports[0] == 80)',
    "object.spec.containers.map(c, c.image) == ['nginx', 'redis']",
    'object.spec.containers.filter(c, has(c.ports)).size() == 1',
    'object.spec.containers.exists_one(c, has(c.ports))',
    "object.metadata.name.matches('^[a-z]+$')",
    "request.operation == 'CREATE' ? object.metadata.name in ['x', 'y'] : false",
    "'b' in request.userInfo.groups",
    "'a/b' in object.metadata.labels",
    '[1, 2, 3].all(i, v, v == i + 1)',
    "{'a': 1, 'b': 2}.transformMap(k, v, v * 2) == {'a': 2, 'b': 4}",
    '[1, 2].sum() == 3 && [1, 2].isSorted() && [1, 5].max() == 5',
    'sets.contains([1, 2], [2]) && sets.equivalent([1, 2], [2, 1, 1]) && !sets.intersects([1], [2])',
    "'a,b'.split(',') == ['a', 'b'] && 'abc'.substring(1) == 'bc' && ' x '.trim() == 'x' && 'A'.lowerAscii() == 'a'",
    "'abc'.replace('b', '-') == 'a-c' && 'hello'.indexOf('l') == 2 && 'hello'.lastIndexOf('l') == 3",
    "['a', 'b'].join('-') == 'a-b' && '%s is %d'.format(['a', 2]) == 'a is 2' && 'abc123'.find('[0-9]+') == '123'",
    "quantity('1.5Gi').isGreaterThan(quantity('1G')) && quantity('500m').add(quantity('0.5')) == quantity('1') && isQuantity('10Mi')",
    "ip('192.168.0.1').family() == 4 && ip('::1').isLoopback() && !isIP('300.1.1.1') && string(ip('2001:db8:0:0:0:0:0:1')) == '2001:db8::1'",
    "cidr('10.0.0.0/8').containsIP('10.1.2.3') && !cidr('10.0.0.0/8').containsCIDR('11.0.0.0/16') && cidr('10.1.0.0/8').masked() == cidr('10.0.0.0/8')",
    "url('https://a.b:80/p?q=1').getHost() == 'a.b:80' && url('https://a.b:80/p?q=1').getQuery()['q'] == ['1'] && isURL('/x') && !isURL('x')",
    "semver('1.2.3').isLessThan(semver('1.10.0')) && isSemver('v1.0', true) && !isSemver('v1.0')",
    "format.dns1123Label().validate('a-b') == optional.none() && format.named('dns1123Label').value().validate('A').hasValue()",
    "duration('1h30m').getMinutes() == 90 && timestamp('2026-01-02T03:04:05Z').getFullYear() == 2026",
    "timestamp('2026-01-02T03:04:05Z') - timestamp('2026-01-02T00:00:00Z') > duration('3h')",
    "int('7') == 7 && string(1.5) == '1.5' && double(1) == 1.0 && type(1) == int && b'a' == bytes('a')",
    'optional.of(1).optMap(x, x + 1) == optional.of(2) && [?optional.none(), 1] == [1]',
    'object == object && [object.spec.replicas] == [3] && dyn(1) == dyn(1.0)',
    'null == object.metadata.?x.orValue(null)',
    "'\\u00e9\\n' == 'é\\n' && r'\\n' == '\\\\n' && '''a''' == \"a\" && -5 % 3 == -2 && 7 / 2 == 3 && 0x10 == 16",
  ])('%s', (source) => {
    expect(evaluate(source)).toBe(true);
  });
});

describe('expressions that end without a value', () => {
  it.each([
    ['object.spec.foo == 1', 'no such key: foo'],
    ['object.spec.containers[5].image == "a"', 'index out of bounds: 5'],
    ['object.spec.replicas / 0 == 1', 'division by zero'],
    ['9223372036854775807 + object.spec.replicas == 1', 'integer overflow'],
    ["object.metadata.name == 'y' || object.spec.foo", 'no such key: foo'],
    ["quantity('x') == quantity('1')", "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
  ])('%s', (source, message) => {
    expect(() => evaluate(source)).toThrow(new EvaluationError(message));
  });

  it('gives up in time', () => {
    const source = `[${Array(60).fill(1)}].all(a, [${Array(60).fill(1)}].all(b, [${Array(60).fill(1)}].all(c, [${Array(60).fill(1)}].all(d, a + b + c + d > 0))))`;
    expect(() => evaluate(source)).toThrow('operation cancelled: actual cost limit exceeded');
  });
});

describe('expressions that are refused, in the words of the API server', () => {
  const undeclared = (name: string): string => `undeclared reference to '${name}' (in container '')`;
  const overload = (name: string, given: string): string => `found no matching overload for '${name}' applied to '${given}'`;
  const expecting =
    "expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";
  it.each([
    ['foo.bar', '1:1', undeclared('foo')],
    ['object.foo +', '1:13', `Syntax error: mismatched input '<EOF>' ${expecting}`],
    ["1 + 'a' == 2", '1:3', overload('_+_', '(int, string)')],
    ['request.foo', '1:8', "undefined field 'foo'"],
    ["'a'.foo()", '1:8', undeclared('foo')],
    ['foo(1)', '1:4', undeclared('foo')],
    ["[1, 'a'] == [1]", '1:5', "expected type 'int' but found 'string'"],
    ["true ? 1 : 'a'", '1:6', overload('_?_:_', '(bool, int, string)')],
    ['1 2', '1:3', "Syntax error: extraneous input '2' expecting <EOF>"],
    ['object.x.y.all(1, true)', '1:16', 'argument must be a simple name'],
    ['has(object)', '1:5', 'invalid argument to has() macro'],
    ['size(1) == 1', '1:5', overload('size', '(int)')],
    ['5.all(x, true)', '1:1', "expression of type 'int' cannot be range of a comprehension (must be list, map, or dynamic)"],
    ['optional.of(1).foo', '1:15', "type 'int' does not support field selection"],
    ["'a'.matches('(')", '1:13', 'invalid matches argument'],
    ['object.a.b(1,2)', '1:11', undeclared('b')],
    ['true && 1', '1:9', "expected type 'bool' but found 'int'"],
    ["duration('x') > duration('1s')", '1:10', 'invalid duration argument'],
    ['request.userInfo.username.startsWith(1)', '1:37', overload('startsWith', 'string.(int)')],
    ["-'a' == 1", '1:1', overload('-_', '(string)')],
    ["quantity('1') == 1", '1:15', overload('_==_', '(kubernetes.Quantity, int)')],
    ['true\n&& foo', '2:4', undeclared('foo')],
    ['object in 1', '1:8', overload('@in', '(dyn, int)')],
    ["{'a':1, 2: 3} == {}", '1:9', "expected type 'string' but found 'int'"],
    ["object[?'a'].orValue(1) == 'a'", '1:25', overload('_==_', '(int, string)')],
    ['[1,2].exists_one(x, x)', '1:17', overload('_?_:_', '(int, int, int)')],
    ["type(1) == 'a'", '1:9', overload('_==_', '(type(int), string)')],
    ['1 ? true : false', '1:3', overload('_?_:_', '(int, bool, bool)')],
    ['99999999999999999999 == 1', '1:1', 'invalid int literal'],
  ])('%s', (source, place, message) => {
    const [row = 1, column = 1] = place.split(':').map(Number);
    const line = source.split('\n')[row - 1] ?? '';
    const shown = `ERROR: <input>:${place}: ${message}\n | ${line}\n | ${'.'.repeat(column - 1)}^`;
    expect(() => environment.compile(source)).toThrow(CompileError);
    expect(() => environment.compile(source)).toThrow(shown);
  });

  it('names all that is wrong, by its place', () => {
    const problems = `ERROR: <input>:1:11: ${undeclared('all')}\n | object.all(x)\n | ..........^\nERROR: <input>:1:12: ${undeclared('x')}\n | object.all(x)\n | ...........^`;
    expect(() => environment.compile('object.all(x)')).toThrow(problems);
  });
});

describe('types', () => {
  it.each([
    ['object', 'dyn'],
    ['object.spec.containers.map(c, c.image)', 'list(dyn)'],
    ['object.?a.b', 'optional_type(dyn)'],
    ['request.userInfo.groups.map(g, g.size())', 'list(int)'],
    ['[]', 'list(dyn)'],
    ["{'a': [1.5]}", 'map(string, list(double))'],
  ])('%s is %s', (source, type) => {
    expect(types.formatType(environment.compile(source).type)).toBe(type);
  });
});
