import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  closeCompletion,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching } from "@codemirror/language";
import { setDiagnostics } from "@codemirror/lint";
import { EditorState, Prec } from "@codemirror/state";
import { drawSelection, EditorView, keymap, placeholder } from "@codemirror/view";
import type { Column } from "../question/query-target.ts";
import { rangeAt } from "./error-range.ts";
import { completeSql } from "./sql-completion.ts";
import { selectLanguage } from "./sql-language.ts";
import { sqlTheme } from "./sql-theme.ts";

/** What is wrong with a query, and where. */
export interface SqlFault {
  readonly message: string;
  /** Both from 1; `null`: nobody knows. */
  readonly position: { readonly line: number; readonly column: number } | null;
}

/** An editor of SQL in the page. */
export interface SqlEditor {
  /** Replaces the text as if it was typed: it can be undone. */
  setText(text: string): void;
  /** Underlines what is wrong with the text as it is, or nothing. */
  showFault(fault: SqlFault | null): void;
  focus(): void;
  destroy(): void;
}

/** What an editor tells and is told. */
export interface SqlEditorPorts {
  readonly text: string;
  readonly label: string;
  /** Looked up whenever completion is asked for. */
  readonly columns: () => readonly Column[];
  readonly onChange: (text: string) => void;
  /** Ctrl+Enter, Cmd+Enter. */
  readonly onRun: () => void;
}

/** Longest text that is taken: S3 Select's own limit, in characters. */
const MAX_LENGTH = 262_144;

/**
 * Opens an editor within an element, in a shadow tree: there the editor's styles are constructed sheets, and in the
 * document itself they would be a `<style>` element, which a strict Content-Security-Policy blocks.
 */
export function openSqlEditor(host: HTMLElement, ports: SqlEditorPorts): SqlEditor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const extensions = extensionsFor(ports);
  const view = new EditorView({ root, parent: root, doc: ports.text, extensions });
  return {
    setText(text) {
      if (text === view.state.doc.toString()) return;
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: text },
        selection: { anchor: text.length },
      });
    },
    showFault(fault) {
      const text = view.state.doc.toString();
      const shown =
        fault?.position && text !== ""
          ? [
              {
                ...rangeAt(text, fault.position),
                severity: "error" as const,
                message: fault.message,
              },
            ]
          : [];
      view.dispatch(setDiagnostics(view.state, shown));
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}

function runWith(onRun: () => void) {
  return (view: EditorView) => {
    closeCompletion(view);
    onRun();
    return true;
  };
}

function extensionsFor({ label, columns, onChange, onRun }: SqlEditorPorts) {
  return [
    Prec.highest(keymap.of([{ key: "Mod-Enter", run: runWith(onRun) }])),
    history(),
    drawSelection(),
    bracketMatching(),
    closeBrackets(),
    autocompletion({ override: [(context) => completeSql(context, columns())], icons: false }),
    keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
    selectLanguage(),
    sqlTheme,
    placeholder("SELECT * FROM S3Object s LIMIT 100"),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false" }),
    EditorState.changeFilter.of(({ newDoc }) => newDoc.length <= MAX_LENGTH),
    EditorView.updateListener.of(({ docChanged, state }) => {
      if (docChanged) onChange(state.doc.toString());
    }),
  ];
}
