import { describe, expect, it } from 'vitest';
import { pretend } from '../../../test/kubelet/pretend.js';

interface Case {
  name: string;
  script: string;
  output: string;
  code?: number;
}

const cases: readonly Case[] = [
  { name: 'words and quotes', script: `echo a  "b  c" 'd $X' e\\ f`, output: 'a b  c d $X e f\n' },
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: the shell's own
  { name: 'variables', script: 'X=1; Y="$X-$X"; echo $Y ${Z:-none} ${#Y}', output: '1-1 none 3\n' },
  {
    name: 'an unquoted value is split, a quoted one is not',
    script: 'X="a b"; for w in $X "$X"; do echo "[$w]"; done',
    output: '[a]\n[b]\n[a b]\n',
  },
  {
    name: 'and, or, not',
    script: 'true && echo yes || echo no; false || echo other; ! false && echo turned',
    output: 'yes\nother\nturned\n',
  },
  { name: 'pipes', script: 'printf "b\\na\\nb\\n" | sort | uniq -c | head -1', output: '      1 a\n' },
  { name: 'a producer without end stops with its reader', script: 'yes | head -2', output: 'y\ny\n' },
  {
    name: 'redirections',
    script: 'echo one > /tmp/f; echo two >> /tmp/f; cat < /tmp/f; ls /nothere 2>/dev/null || echo $?',
    output: 'one\ntwo\n1\n',
  },
  {
    name: 'standard error into a file',
    script: 'ls /nothere > /tmp/f 2>&1; cat /tmp/f',
    output: 'ls: /nothere: No such file or directory\n',
  },
  { name: 'here-documents', script: "X=5\ncat <<EOF\nx is $X\nEOF\ncat <<'EOF'\nx is $X\nEOF\n", output: 'x is 5\nx is $X\n' },
  { name: 'command substitution', script: 'echo "$(echo a; echo b)" `hostname`', output: 'a\nb web-0\n' },
  { name: 'arithmetic', script: 'i=3; echo $((i * 2 + 1)) $((i > 2 ? 10 : 20)); i=$((i+1)); echo $i', output: '7 10\n4\n' },
  {
    name: 'if and test',
    script: 'if [ -f /etc/passwd ] && [ 2 -gt 1 ]; then echo there; elif true; then echo x; else echo y; fi',
    output: 'there\n',
  },
  { name: 'while and read', script: 'printf "a 1\\nb 2\\n" | while read name n; do echo "$n:$name"; done', output: '1:a\n2:b\n' },
  {
    name: 'until, break and continue',
    script: 'i=0; until false; do i=$((i+1)); [ $i = 2 ] && continue; [ $i -gt 3 ] && break; echo $i; done',
    output: '1\n3\n',
  },
  { name: 'case', script: 'case abc.txt in *.md) echo md;; *.txt|*.log) echo text;; *) echo other;; esac', output: 'text\n' },
  { name: 'functions', script: 'greet() { local n=$1; echo "hi $n"; return 4; }; greet you; echo $?', output: 'hi you\n4\n' },
  { name: 'patterns', script: 'cd /tmp; touch a.txt b.txt c.md; echo *.txt "*.md"', output: 'a.txt b.txt *.md\n' },
  {
    name: 'trimming',
    script: 'f=/a/b/c.tar.gz; echo ${f##*/} ${f%.*} ${f%%.*} ${f#/a}',
    output: 'c.tar.gz /a/b/c.tar /a/b/c /b/c.tar.gz\n',
  },
  { name: 'a subshell keeps its changes to itself', script: 'X=1; (X=2; cd /tmp; echo $X); echo $X $PWD', output: '2\n1 /\n' },
  {
    name: 'positional parameters',
    script: 'set -- a "b c" d; shift; echo $# "$1"; for x in "$@"; do echo "<$x>"; done',
    output: '2 b c\n<b c>\n<d>\n',
  },
  { name: 'exit', script: 'echo before; exit 3; echo after', output: 'before\n', code: 3 },
  {
    name: 'set -e ends at a failure that nobody tests',
    script: 'set -e; false || true; if false; then :; fi; echo on; false; echo never',
    output: 'on\n',
    code: 1,
  },
  { name: 'a program that is not there', script: 'nothere; echo $?', output: 'sh: nothere: not found\n127\n' },
  {
    name: 'a syntax error',
    script: 'if true; then echo x',
    output: 'sh: syntax error: unexpected end of file (expecting "fi")\n',
    code: 2,
  },
  { name: 'trap EXIT', script: 'trap "echo bye" EXIT; echo hi; exit 2', output: 'hi\nbye\n', code: 2 },
  {
    name: 'sed, grep, cut, tr, wc',
    script: 'echo "Name: web" | sed s/web/api/ | grep -i name | cut -d: -f2 | tr a-z A-Z; echo one two | wc -w',
    output: ' API\n2\n',
  },
  { name: 'awk prints fields', script: `printf "a 1\\nb 2\\n" | awk '{print $2, $1}'`, output: '1 a\n2 b\n' },
  { name: 'xargs and find', script: 'mkdir -p /d/e; touch /d/x /d/e/y; find /d -type f | sort | xargs echo', output: '/d/e/y /d/x\n' },
  { name: 'env for one command', script: 'A=7 env | grep ^A=; echo "[$A]"', output: 'A=7\n[]\n' },
  { name: 'a script file', script: 'printf "#!/bin/sh\\necho run \\$1\\n" > /tmp/s; chmod +x /tmp/s; /tmp/s now', output: 'run now\n' },
  {
    name: 'tar there and back',
    script: 'mkdir -p /a/b; echo x > /a/b/f; tar cf - -C /a b | tar xf - -C /tmp; cat /tmp/b/f',
    output: 'x\n',
  },
  {
    name: 'wget asks services',
    script: 'wget -qO- http://web/a; wget -qO- web:81; true',
    output: "hello from /a\nwget: can't connect to remote host (10.96.3.4): Connection refused\n",
  },
  { name: 'nslookup of a name that is not there', script: 'nslookup db >/dev/null || echo waiting', output: 'waiting\n' },
  {
    name: 'a status of nginx',
    script: 'wget -q --spider http://web/fail || echo down',
    output: 'wget: server returned error: HTTP/1.1 503 Service Unavailable\ndown\n',
  },
  {
    name: 'uname, id, whoami',
    script: 'uname; uname -r; whoami; id',
    output: 'Linux\n6.12.0-sandbox\nroot\nuid=0(root) gid=0(root) groups=0(root)\n',
  },
  {
    name: 'vi is refused kindly',
    script: 'vi /etc/passwd',
    output: 'vi: the sandbox has no editor; use echo, cat > file or sed -i\n',
    code: 1,
  },
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: the shell's own
];

describe('sh -c', () => {
  it.each(cases)('$name', ({ script, output, code = 0 }) => {
    const run = pretend('busybox:1.36', ['sh', '-c', script]);
    expect(run.output()).toBe(output);
    expect(run.stopped()?.code).toBe(code);
  });
});

const piped: readonly Case[] = [
  { name: 'a command at a time', script: 'printf "echo a\\nexit 3\\necho b\\n" | sh', output: 'a\n', code: 3 },
  { name: 'a command of several lines', script: 'printf "for i in 1 2\\ndo\\necho \\$i\\ndone\\n" | sh', output: '1\n2\n' },
  { name: 'lines that go on', script: "printf 'echo a \\\\\\nb\\n' | sh", output: 'a b\n' },
  { name: 'a here-document', script: 'printf "cat <<E\\nx\\nE\\necho y\\n" | sh', output: 'x\ny\n' },
  { name: 'no newline at the end', script: 'printf "echo a" | sh', output: 'a\n' },
  {
    name: 'what is right before what is wrong',
    script: 'printf "echo a\\nif true\\n" | sh',
    output: 'a\nsh: syntax error: unexpected end of file (expecting "then")\n',
    code: 2,
  },
  { name: 'what sh has read, its programs do not see', script: 'printf "cat\\necho a\\n" | sh', output: 'a\n' },
];

describe('sh that reads its script', () => {
  it.each(piped)('$name', ({ script, output, code = 0 }) => {
    const run = pretend('busybox:1.36', ['sh', '-c', script]);
    expect(run.output()).toEqual(output);
    expect(run.stopped()?.code).toBe(code);
  });

  it('does not wait for the end of its input', () => {
    const run = pretend('busybox:1.36', ['sh', '-c', '(echo "echo a; exit 3"; sleep 100; echo "echo b") | sh; echo $?']);
    expect(run.output()).toBe('a\n');
  });
});

describe('on the clock', () => {
  it('a loop with sleep writes a line at a time', () => {
    const run = pretend('busybox', ['sh', '-c', 'for i in 1 2 3; do echo $i; sleep 10; done; exit 5']);
    expect(run.output()).toBe('1\n');
    run.clock.advance(10_000);
    expect(run.output()).toBe('1\n2\n');
    run.clock.advance(20_000);
    expect(run.stopped()).toEqual({ code: 5, reason: 'exit' });
  });

  it('a loop that waits for a service goes on when it is there', () => {
    const run = pretend('busybox', ['sh', '-c', 'until wget -qO- http://web/up; do echo no; sleep 2; done']);
    expect(run.output()).toBe('hello from /up\n');
  });

  it('a busy loop does not stop the world', () => {
    const run = pretend('busybox', ['sh', '-c', 'while true; do :; done']);
    run.clock.advance(60_000);
    expect(run.machine.busy).toBe(true);
    expect(run.stopped()).toBeUndefined();
  });

  it('the first process hears SIGTERM only where it listens', () => {
    const deaf = pretend('busybox', ['sleep', '1000']);
    deaf.first.kill('TERM');
    expect(deaf.stopped()).toBeUndefined();
    deaf.machine.halt();
    expect(deaf.stopped()).toEqual({ code: 137, reason: 'exit' });

    const polite = pretend('busybox', ['sh', '-c', 'trap "echo bye; exit 0" TERM; while true; do sleep 1; done']);
    polite.clock.advance(2500);
    polite.first.kill('TERM');
    polite.clock.advance(1000);
    expect(polite.output()).toBe('bye\n');
    expect(polite.stopped()).toEqual({ code: 0, reason: 'exit' });
  });

  it('a value that outgrows the memory limit is killed by the kernel', () => {
    const run = pretend('busybox', ['sh', '-c', 'x=a; while true; do x=$x$x; done'], { memoryLimit: 16 * 2 ** 20 });
    run.clock.advance(1000);
    expect(run.stopped()).toEqual({ code: 137, reason: 'oom' });
  });

  it('background jobs and wait', () => {
    const run = pretend('busybox', ['sh', '-c', '(sleep 3; echo late) & echo early; wait; echo done']);
    run.clock.advance(3000);
    expect(run.output()).toBe('early\nlate\ndone\n');
  });
});
