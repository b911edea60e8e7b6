// The forms by which the shop states something: what may stand in them, and how it becomes a statement.

import { openForm } from "../form.js";
import { inList, inStage, ofStage, save } from "../stated.js";
import { name, t } from "../texts.js";

/** KPIs for which a stage may have a target. */
const TARGETS = ["conversion", "frustrated", "friction", "csat", "ces", "nps", "reached"];
const EMOTIONS = ["frustrated", "confused", "neutral", "satisfied"];
const [NOTE, NAME] = [500, 80];

const stages = (of) => [["", t("wholePath")], ...of.stages.map((stage) => [stage, name("stage", stage)])];
const range = (kpi) => (kpi === "nps" ? [-100, 100] : [0, 100]);

/** Leaves out what was left empty. */
const filled = (value) => Object.fromEntries(Object.entries(value).filter(([, of]) => of !== null && of !== undefined && of !== "" && !(Array.isArray(of) && !of.length)));

/** Collects what is wrong. */
function judging() {
  const wrong = {};
  const say = (path, why) => { wrong[path] ??= why; };
  return {
    wrong,
    say,
    needed: (path, value) => value === null && say(path, t("formNeeded")),
    short: (path, value, most) => value && value.length > most && say(path, t("formLong", { n: most })),
    level: (path, kpi, value) => {
      const [low, high] = range(kpi);
      if (value !== null && Number.isFinite(value) && (value < low || value > high)) say(path, t("formRange", { low, high }));
    },
  };
}

/** Opens a form whose edit is of a list. */
function inAList(of, { list, was, title, fields, value, judge, make, back }) {
  const at = (path) => path.replace(/^\w+\[\d+\]\.?/, "");
  openForm({
    title, fields, value, judge, back,
    save: (filledIn) => done(of, save(of.key, of.stated, inList(list, was, make(filledIn)), at)),
    remove: was && (() => done(of, save(of.key, of.stated, inList(list, was, null), at))),
  });
}

/** What was saved is shown before the form goes. */
async function done(of, saving) {
  const wrong = await saving;
  if (!wrong) {
    await of.again();
    document.getElementById("said").textContent = t("formSaved");
  }
  return wrong;
}

function goal(of, was, back = "add-goal") {
  inAList(of, {
    list: "goals", was, back, title: was ? t("editGoal") : t("addGoal"), value: was ?? { kpi: "conversion" },
    fields: [
      { name: "id", label: t("fieldGoal"), kind: "text", hint: t("fieldGoalHint") },
      { name: "kpi", label: t("fieldKpi"), kind: "choice", options: of.kpis.map((kpi) => [kpi, t(`kpi_${kpi}`)]) },
      { name: "stage", label: t("colStage"), kind: "choice", options: stages(of) },
      { name: "from", label: t("fieldFrom"), kind: "number", hint: t("fieldLevelHint") },
      { name: "to", label: t("fieldTo"), kind: "number" },
      { name: "since", label: t("fieldSince"), kind: "date", hint: t("fieldSinceHint") },
      { name: "by", label: t("fieldBy"), kind: "date" },
      { name: "milestones", label: t("fieldMilestones"), kind: "rows", hint: t("fieldMilestonesHint"), addLabel: t("addMilestone"), removeLabel: (n) => t("removeMilestone", { n }),
        fields: [{ name: "on", label: t("fieldOn"), kind: "date" }, { name: "value", label: t("fieldValue"), kind: "number" }] },
      { name: "owner", label: t("fieldOwner"), kind: "text" },
    ],
    judge: (value) => {
      const { wrong, say, needed, short, level } = judging();
      for (const path of ["id", "from", "to", "by"]) needed(path, value[path]);
      short("id", value.id, NAME);
      short("owner", value.owner, NAME);
      if (of.stated.statements.goals.some((one) => one.id === value.id && one.id !== was?.id)) say("id", t("formTaken"));
      if (value.kpi === "reached" && !value.stage) say("stage", t("formStage"));
      level("from", value.kpi, value.from);
      level("to", value.kpi, value.to);
      if (value.from !== null && value.from === value.to) say("to", t("formSame"));
      const since = value.since ?? was?.since ?? new Date().toISOString().slice(0, 10);
      if (value.by && value.by <= since) say("by", t("formAfter", { day: since }));
      let last = since;
      value.milestones.forEach((one, at) => {
        needed(`milestones[${at}].on`, one.on);
        needed(`milestones[${at}].value`, one.value);
        level(`milestones[${at}].value`, value.kpi, one.value);
        if (one.on && (one.on <= last || (value.by && one.on >= value.by))) say(`milestones[${at}].on`, t("formBetween", { from: last, to: value.by ?? "" }));
        last = one.on ?? last;
      });
      return wrong;
    },
    make: filled,
  });
}

function change(of, was, back = "add-change") {
  inAList(of, {
    list: "changes", was, back, title: was ? t("editChange") : t("addChange"), value: was ?? { on: new Date().toISOString().slice(0, 10) },
    fields: [
      { name: "what", label: t("fieldWhat"), kind: "words", hint: t("fieldWhatHint") },
      { name: "on", label: t("fieldChanged"), kind: "date" },
      { name: "stage", label: t("colStage"), kind: "choice", options: stages(of) },
    ],
    judge: (value) => {
      const { wrong, needed, short } = judging();
      needed("what", value.what);
      needed("on", value.on);
      short("what", value.what, NOTE);
      return wrong;
    },
    make: ({ on, what, stage }) => filled({ on, what, stage }),
  });
}

function stage(of, one, back) {
  const was = ofStage(of.stated.statements, one);
  const targets = Object.fromEntries(was.targets.map(({ kpi, target }) => [`target-${kpi}`, target]));
  const kpis = [...new Set([...TARGETS, ...was.targets.map((target) => target.kpi)])];
  openForm({
    title: name("stage", one), back,
    value: { emotion: was.belief?.emotion, note: was.belief?.note, ...targets },
    fields: [
      { name: "emotion", label: t("fieldBelief"), kind: "choice", options: [["", t("noBelief")], ...EMOTIONS.map((emotion) => [emotion, name("emotion", emotion)])] },
      { name: "note", label: t("fieldNote"), kind: "words" },
      ...kpis.map((kpi) => ({ name: `target-${kpi}`, label: t("targetFor", { kpi: t(`kpi_${kpi}`) }), kind: "number", hint: kpi === "nps" ? t("fieldNpsHint") : null })),
    ],
    judge: (value) => {
      const { wrong, say, short, level } = judging();
      short("note", value.note, NOTE);
      if (value.note && !value.emotion) say("emotion", t("formBelief"));
      for (const kpi of kpis) level(`target-${kpi}`, kpi, value[`target-${kpi}`]);
      return wrong;
    },
    save: (value) => {
      const now = {
        belief: value.emotion ? filled({ stage: one, emotion: value.emotion, note: value.note }) : null,
        targets: kpis.filter((kpi) => value[`target-${kpi}`] !== null).map((kpi) => ({ stage: one, kpi, target: value[`target-${kpi}`] })),
      };
      return done(of, save(of.key, of.stated, inStage(one, was, now), (path) => (/^beliefs.*\.note$/.test(path) ? "note" : "")));
    },
  });
}

/** Opens the form of each kind of statement; without an earlier one it is new. */
export const edit = { goal, change, stage };
