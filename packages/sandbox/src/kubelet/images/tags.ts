/** What the tags of the official images are made of, besides versions. */
const words = new RegExp(
  `^(${[
    'latest|stable|mainline|edge|rolling|lts|current|unstable|testing|oldstable|innovation|dev|devel|tip|beta|rc|backports|rawhide',
    'alpine|slim|minimal|perl|otel|fpm|cli|apache|zts|management|headless|jdk|jre|debian|ubuntu|ubi|oracle|oraclelinux|uclibc|glibc|musl',
    'buster|bullseye|bookworm|trixie|sid|focal|jammy|noble|plucky|hydrogen|iron|jod|krypton|scm|browsers|ea|builder|threaded|centos',
  ].join('|')})\\d*(\\.\\d+)*$`,
);
const version = /^v?(\d+)(?:\.(\d+))?(?:\.\d+)*(?:(?:a|b|alpha|beta|rc)\d*)?$/;

/** Whether an official image may have had this tag: versions and known words in a row. No first or second number of one has come near 90. */
export const mayBeTag = (tag: string): boolean =>
  tag.split(/[-_]/).every((part) => {
    const [whole, first, second] = version.exec(part) ?? [];
    if (whole === undefined) return words.test(part);
    // years and dates are no versions
    return (Number(first) < 90 || Number(first) >= 2000) && Number(second ?? 0) < 90;
  });
