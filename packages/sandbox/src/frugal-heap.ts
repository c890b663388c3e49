import { setFlagsFromString } from 'node:v8';

// V8 takes memory generously: twice what lives, and 48 MB for what is new. A cluster that is pretended beside other things is worth a little more collecting:
// a quarter less memory for the same work. Imported before anything else.
setFlagsFromString('--heap-growing-percent=20');
setFlagsFromString('--semi-space-growth-factor=1');
