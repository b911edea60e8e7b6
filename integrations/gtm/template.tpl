___TERMS_OF_SERVICE___

By creating or modifying this file you agree to Google Tag Manager's Community
Template Gallery Developer Terms of Service available at
https://developers.google.com/tag-manager/gallery-tos (or such other URL as
Google may provide), as modified from time to time.


___INFO___

{
  "type": "TAG",
  "id": "cvt_temp_public_id",
  "version": 1,
  "securityGroups": [],
  "displayName": "Polku",
  "categories": ["ANALYTICS", "SURVEY"],
  "brand": {
    "id": "brand_dummy",
    "displayName": "Polku"
  },
  "description": "Starts Polku, which follows the purchase path and asks at the moments that matter, or tells it of a touchpoint. Fire it on all pages, also before consent: Polku does nothing before the visitor has agreed, and hears that by itself.",
  "containerContexts": [
    "WEB"
  ]
}


___TEMPLATE_PARAMETERS___

[
  {
    "type": "RADIO",
    "name": "does",
    "displayName": "This tag",
    "radioItems": [
      { "value": "start", "displayValue": "starts Polku (once, on all pages)" },
      { "value": "track", "displayValue": "tells of a touchpoint that the data layer does not have" },
      { "value": "consent", "displayValue": "tells what the visitor has just decided, where no consent platform does" }
    ],
    "simpleValueType": true,
    "defaultValue": "start"
  },
  {
    "type": "GROUP",
    "name": "starting",
    "displayName": "Start",
    "groupStyle": "NO_ZIPPY",
    "enablingConditions": [{ "paramName": "does", "paramValue": "start", "type": "EQUALS" }],
    "subParams": [
      {
        "type": "TEXT",
        "name": "src",
        "displayName": "Script",
        "help": "The address of polku.js; the other files of the package lie beside it. Allow its host under Permissions, Injects scripts.",
        "simpleValueType": true,
        "valueHint": "https://collect.example/polku/polku.js",
        "valueValidators": [{ "type": "REGEX", "args": ["https://[^\\s/]+/.*polku[^/]*\\.js(\\?.*)?"], "errorMessage": "An address that begins with https:// and ends with polku.js" }]
      },
      {
        "type": "TEXT",
        "name": "key",
        "displayName": "Key",
        "simpleValueType": true,
        "valueValidators": [{ "type": "REGEX", "args": ["[\\w-]{1,64}"], "errorMessage": "Letters, digits, _ and -; 64 at most" }]
      },
      {
        "type": "TEXT",
        "name": "collector",
        "displayName": "Collector",
        "simpleValueType": true,
        "valueHint": "https://collect.example/v1/batch",
        "valueValidators": [{ "type": "REGEX", "args": ["https://[^\\s]+"], "errorMessage": "An address that begins with https://" }]
      },
      {
        "type": "SELECT",
        "name": "mode",
        "displayName": "Mode",
        "simpleValueType": true,
        "defaultValue": "strict",
        "selectItems": [
          { "value": "strict", "displayValue": "strict: nothing before consent" },
          { "value": "feedback", "displayValue": "feedback: who has not decided may be asked on the order page" }
        ]
      },
      {
        "type": "SELECT",
        "name": "consent",
        "displayName": "Consent is heard from",
        "simpleValueType": true,
        "defaultValue": "auto",
        "selectItems": [
          { "value": "auto", "displayValue": "whichever platform the page has" },
          { "value": "google", "displayValue": "consent mode alone" },
          { "value": "api", "displayValue": "tags of this template alone" }
        ],
        "help": "Only what a visitor has chosen counts: an update of consent mode, never its default."
      },
      {
        "type": "SELECT",
        "name": "purpose",
        "displayName": "Storage type that stands for statistics",
        "simpleValueType": true,
        "defaultValue": "analytics_storage",
        "selectItems": [
          { "value": "analytics_storage", "displayValue": "analytics_storage" },
          { "value": "functionality_storage", "displayValue": "functionality_storage" },
          { "value": "personalization_storage", "displayValue": "personalization_storage" }
        ],
        "enablingConditions": [{ "paramName": "consent", "paramValue": "google", "type": "EQUALS" }]
      },
      { "type": "TEXT", "name": "prompts", "displayName": "Address of prompts (JSON)", "simpleValueType": true },
      { "type": "CHECKBOX", "name": "questions", "checkboxText": "Ask Polku's own questions", "simpleValueType": true, "defaultValue": false },
      {
        "type": "TEXT",
        "name": "shopName",
        "displayName": "Name of the shop in questions",
        "simpleValueType": true,
        "enablingConditions": [{ "paramName": "questions", "paramValue": true, "type": "EQUALS" }]
      },
      {
        "type": "SIMPLE_TABLE",
        "name": "more",
        "displayName": "More options, as polku.init takes them",
        "simpleTableColumns": [
          { "defaultValue": "", "displayName": "Name", "name": "name", "type": "TEXT" },
          { "defaultValue": "", "displayName": "Value", "name": "value", "type": "TEXT" }
        ]
      }
    ]
  },
  {
    "type": "GROUP",
    "name": "telling",
    "displayName": "Touchpoint",
    "groupStyle": "NO_ZIPPY",
    "enablingConditions": [{ "paramName": "does", "paramValue": "track", "type": "EQUALS" }],
    "subParams": [
      {
        "type": "TEXT",
        "name": "event",
        "displayName": "Name, as GA4 has it",
        "simpleValueType": true,
        "valueHint": "share",
        "valueValidators": [{ "type": "REGEX", "args": ["[a-z_]{3,40}"], "errorMessage": "Small letters and _" }]
      },
      { "type": "TEXT", "name": "data", "displayName": "A variable with its data (an object)", "simpleValueType": true }
    ]
  },
  {
    "type": "GROUP",
    "name": "deciding",
    "displayName": "Consent",
    "groupStyle": "NO_ZIPPY",
    "enablingConditions": [{ "paramName": "does", "paramValue": "consent", "type": "EQUALS" }],
    "subParams": [
      {
        "type": "SELECT",
        "name": "measure",
        "displayName": "Statistics",
        "macrosInSelect": true,
        "simpleValueType": true,
        "selectItems": [
          { "value": "granted", "displayValue": "granted" },
          { "value": "denied", "displayValue": "denied" }
        ]
      },
      {
        "type": "SELECT",
        "name": "since",
        "displayName": "Decided",
        "simpleValueType": true,
        "defaultValue": "now",
        "selectItems": [
          { "value": "now", "displayValue": "on this page" },
          { "value": "earlier", "displayValue": "on an earlier page" }
        ]
      }
    ]
  }
]


___SANDBOXED_JS_FOR_WEB_TEMPLATE___

const callInWindow = require('callInWindow');
const copyFromWindow = require('copyFromWindow');
const getType = require('getType');
const injectScript = require('injectScript');
const logToConsole = require('logToConsole');
const makeTableMap = require('makeTableMap');

// What is not there yet cannot be told: the loader's own queue begins with it.
const tell = function() {
  if (data.does === 'track') {
    callInWindow('polku', 'track', data.event, getType(data.data) === 'object' ? data.data : undefined);
  } else {
    const said = data.measure === 'granted' || data.measure === true;
    // Nothing said is no decision.
    if (!said && data.measure !== 'denied' && data.measure !== false) return false;
    callInWindow('polku', 'consent', {measure: said, since: data.since === 'earlier' ? 'earlier' : 'now', by: 'gtm'});
  }
  return true;
};

const start = function() {
  const options = {key: data.key, collector: data.collector, mode: data.mode || 'strict', consent: data.consent || 'auto'};
  if (data.consent === 'google' && data.purpose) options.consentPurpose = data.purpose;
  if (data.prompts) options.prompts = data.prompts;
  if (data.questions) {
    options.questions = 'default';
    if (data.shopName) options.shopName = data.shopName;
  }
  const more = data.more && data.more.length ? makeTableMap(data.more, 'name', 'value') : {};
  for (const name in more) options[name] = more[name];
  callInWindow('polku', 'init', options);
};

if (data.does === 'start') {
  // A page that has the tag already keeps it.
  const there = copyFromWindow('polku.version');
  if (there) {
    logToConsole('Polku', there, 'is on this page already; this tag changes nothing.');
    data.gtmOnSuccess();
  } else {
    injectScript(data.src, function() {
      start();
      data.gtmOnSuccess();
    }, data.gtmOnFailure, 'polku');
  }
} else if (!copyFromWindow('polku.version')) {
  logToConsole('Polku has not started: fire this tag after the one that starts it.');
  data.gtmOnFailure();
} else if (tell()) {
  data.gtmOnSuccess();
} else {
  data.gtmOnFailure();
}


___WEB_PERMISSIONS___

[
  {
    "instance": {
      "key": { "publicId": "access_globals", "versionId": "1" },
      "param": [
        {
          "key": "keys",
          "value": {
            "type": 2,
            "listItem": [
              {
                "type": 3,
                "mapKey": [
                  { "type": 1, "string": "key" },
                  { "type": 1, "string": "read" },
                  { "type": 1, "string": "write" },
                  { "type": 1, "string": "execute" }
                ],
                "mapValue": [
                  { "type": 1, "string": "polku" },
                  { "type": 8, "boolean": false },
                  { "type": 8, "boolean": false },
                  { "type": 8, "boolean": true }
                ]
              },
              {
                "type": 3,
                "mapKey": [
                  { "type": 1, "string": "key" },
                  { "type": 1, "string": "read" },
                  { "type": 1, "string": "write" },
                  { "type": 1, "string": "execute" }
                ],
                "mapValue": [
                  { "type": 1, "string": "polku.version" },
                  { "type": 8, "boolean": true },
                  { "type": 8, "boolean": false },
                  { "type": 8, "boolean": false }
                ]
              }
            ]
          }
        }
      ]
    },
    "clientAnnotations": { "isEditedByUser": true },
    "isRequired": true
  },
  {
    "instance": {
      "key": { "publicId": "inject_script", "versionId": "1" },
      "param": [
        {
          "key": "urls",
          "value": {
            "type": 2,
            "listItem": [{ "type": 1, "string": "https://collect.example/polku/*" }]
          }
        }
      ]
    },
    "clientAnnotations": { "isEditedByUser": true },
    "isRequired": true
  },
  {
    "instance": {
      "key": { "publicId": "logging", "versionId": "1" },
      "param": [{ "key": "environments", "value": { "type": 1, "string": "debug" } }]
    },
    "clientAnnotations": { "isEditedByUser": true },
    "isRequired": true
  }
]


___TESTS___

scenarios:
- name: It starts Polku with what is set
  code: |-
    runCode({does: 'start', src: src, key: 'pk_shop', collector: collector, mode: 'feedback', consent: 'google', purpose: 'analytics_storage', questions: true, shopName: 'Kahvi Kulma', more: [{name: 'money', value: 'exact'}]});
    assertApi('injectScript').wasCalled();
    assertApi('callInWindow').wasCalledWith('polku', 'init', {key: 'pk_shop', collector: collector, mode: 'feedback', consent: 'google', consentPurpose: 'analytics_storage', questions: 'default', shopName: 'Kahvi Kulma', money: 'exact'});
    assertApi('gtmOnSuccess').wasCalled();
- name: What is not set is not said
  code: |-
    runCode({does: 'start', src: src, key: 'pk_shop', collector: collector});
    assertApi('callInWindow').wasCalledWith('polku', 'init', {key: 'pk_shop', collector: collector, mode: 'strict', consent: 'auto'});
- name: A page that has Polku keeps it
  code: |-
    mock('copyFromWindow', '0.1.0');
    runCode({does: 'start', src: src, key: 'pk_shop', collector: collector});
    assertApi('injectScript').wasNotCalled();
    assertApi('callInWindow').wasNotCalled();
    assertApi('gtmOnSuccess').wasCalled();
- name: A script that does not come is a failure
  code: |-
    mock('injectScript', function(url, success, failure) { failure(); });
    runCode({does: 'start', src: src, key: 'pk_shop', collector: collector});
    assertApi('gtmOnFailure').wasCalled();
    assertApi('callInWindow').wasNotCalled();
- name: A touchpoint is told with its data
  code: |-
    mock('copyFromWindow', '0.1.0');
    runCode({does: 'track', event: 'share', data: {method: 'mail'}});
    assertApi('callInWindow').wasCalledWith('polku', 'track', 'share', {method: 'mail'});
    assertApi('gtmOnSuccess').wasCalled();
- name: Before Polku nothing is told
  code: |-
    runCode({does: 'track', event: 'share'});
    assertApi('callInWindow').wasNotCalled();
    assertApi('gtmOnFailure').wasCalled();
- name: A decision is told as it was made
  code: |-
    mock('copyFromWindow', '0.1.0');
    runCode({does: 'consent', measure: 'granted', since: 'earlier'});
    assertApi('callInWindow').wasCalledWith('polku', 'consent', {measure: true, since: 'earlier', by: 'gtm'});
- name: A refusal is one
  code: |-
    mock('copyFromWindow', '0.1.0');
    runCode({does: 'consent', measure: 'denied'});
    assertApi('callInWindow').wasCalledWith('polku', 'consent', {measure: false, since: 'now', by: 'gtm'});
- name: Nothing said is no decision
  code: |-
    mock('copyFromWindow', '0.1.0');
    runCode({does: 'consent', measure: undefined});
    assertApi('callInWindow').wasNotCalled();
    assertApi('gtmOnFailure').wasCalled();
setup: |-
  const src = 'https://collect.example/polku/polku.js';
  const collector = 'https://collect.example/v1/batch';
  mock('copyFromWindow', undefined);
  mock('callInWindow', undefined);
  mock('injectScript', function(url, success) { success(); });


___NOTES___

The tag that starts Polku needs no consent of its own: leave its consent settings at "no additional consent required".
