// SPDX-License-Identifier: MIT
// Reads lib/ and native/ of a tree once: every file, the room it is in, and what it imports or includes. It judges
// nothing; that is floors.ts.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import ts from 'typescript';

export type Language = 'typescript' | 'native';

/** One import or include of a file of the same tree. */
export interface Edge {
  /** As written. */
  specifier: string;
  /** Path of the imported file from the top of the tree; absent for packages and system headers. */
  target?: string;
  /** Erased on compilation. */
  isType: boolean;
  /** Names taken from the target; `*` for all of them. */
  names: readonly string[];
}

export interface SourceFile {
  language: Language;
  /** From the top of the tree, with forward slashes. */
  path: string;
  /** First folder below lib/ or native/; empty for a file directly in it. */
  room: string;
  text: string;
  /** The text with comments blanked out. */
  code: string;
  edges: readonly Edge[];
  /** Exported functions, classes and constants. */
  exports: readonly string[];
}

/** Whether a program wrote the file. */
export function isGenerated(path: string): boolean {
  return /\.gen\.\w+$/.test(path);
}

/** All sources below a folder of the tree, in the order of their paths. */
export function readSources(top: string, folder: string, language: Language): SourceFile[] {
  if (!existsSync(join(top, folder))) return [];
  const pattern = language === 'typescript' ? /\.ts$/ : /\.(h|cc)$/;
  return readdirSync(join(top, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => pattern.test(name))
    .map((name) => `${folder}/${name.split(sep).join('/')}`)
    .sort()
    .map((path) => (language === 'typescript' ? readTypeScript(top, path) : readNative(top, path)));
}

function roomOf(path: string): string {
  const parts = path.split('/');
  return parts.length > 2 ? (parts[1] ?? '') : '';
}

function readTypeScript(top: string, path: string): SourceFile {
  const text = readFileSync(join(top, path), 'utf8');
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const edges: Edge[] = [];
  const exports: string[] = [];
  const add = (specifier: string, isType: boolean, names: string[]) => {
    edges.push({ specifier, isType, names, ...targetOf(top, path, specifier) });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node.moduleSpecifier.text, isTypeImport(node.importClause), importedNames(node.importClause));
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      const elements = node.exportClause && ts.isNamedExports(node.exportClause) ? node.exportClause.elements : [];
      const isType = node.isTypeOnly || (elements.length > 0 && elements.every((element) => element.isTypeOnly));
      const names = elements.map((element) => (element.propertyName ?? element.name).text);
      add(node.moduleSpecifier.text, isType, names.length > 0 ? names : ['*']);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [specifier] = node.arguments;
      if (specifier && ts.isStringLiteral(specifier)) add(specifier.text, false, ['*']);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      if (ts.isStringLiteral(node.argument.literal)) add(node.argument.literal.text, true, ['*']);
    }
    if (ts.isStatement(node)) exports.push(...exportedValues(node));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return {
    language: 'typescript',
    path,
    room: roomOf(path),
    text,
    code: withoutComments(text, source),
    edges,
    exports,
  };
}

function targetOf(top: string, from: string, specifier: string): { target?: string } {
  if (!specifier.startsWith('.')) return {};
  const target = relative(top, resolve(top, dirname(from), specifier));
  return { target: target.split(sep).join('/') };
}

function isTypeImport(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const bindings = clause.namedBindings;
  if (clause.name || !bindings || !ts.isNamedImports(bindings)) return false;
  return bindings.elements.length > 0 && bindings.elements.every((element) => element.isTypeOnly);
}

function importedNames(clause: ts.ImportClause | undefined): string[] {
  const bindings = clause?.namedBindings;
  const named = bindings && ts.isNamedImports(bindings) ? bindings.elements : undefined;
  if (!named) return ['*'];
  return named.map((element) => (element.propertyName ?? element.name).text);
}

function exportedValues(node: ts.Statement): string[] {
  const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
  if (!modifiers.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword)) return [];
  if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) return node.name ? [node.name.text] : [];
  if (!ts.isVariableStatement(node)) return [];
  return node.declarationList.declarations.flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : []));
}

/** Blanks the comments, so that a ban speaks of code only; line numbers stay. */
function withoutComments(text: string, source: ts.SourceFile): string {
  let code = text;
  const blank = (ranges: readonly ts.CommentRange[] | undefined) => {
    for (const { pos, end } of ranges ?? []) {
      code = code.slice(0, pos) + text.slice(pos, end).replace(/[^\n]/g, ' ') + code.slice(end);
    }
  };
  const visit = (node: ts.Node): void => {
    blank(ts.getLeadingCommentRanges(text, node.getFullStart()));
    blank(ts.getTrailingCommentRanges(text, node.getEnd()));
    for (const child of node.getChildren(source)) visit(child);
  };
  visit(source);
  return code;
}

function readNative(top: string, path: string): SourceFile {
  const text = readFileSync(join(top, path), 'utf8');
  const code = text.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '));
  const [folder] = path.split('/');
  const edges = [...code.matchAll(/^\s*#\s*include\s*([<"])([^>"]+)[>"]/gm)].map(([, bracket, specifier = '']) => ({
    specifier,
    isType: false,
    names: ['*'],
    ...(bracket === '"' ? { target: `${folder}/${specifier}` } : {}),
  }));
  return { language: 'native', path, room: roomOf(path), text, code, edges, exports: [] };
}
