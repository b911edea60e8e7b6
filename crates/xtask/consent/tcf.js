// What a TCF platform is made of, for a test's page: the API behind `__tcfapi`, and what writes its strings.
import { CmpApi } from "@iabtechlabtcf/cmpapi";
import { GVL, TCModel, TCString } from "@iabtechlabtcf/core";

window.iab = { CmpApi, GVL, TCModel, TCString };
