import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Folders of loops over typed arrays: indices are proven by the loop bounds, so `!` stands for that proof. */
const numericFolders = [
  'bench/adam-mlp.ts',
  'src/estimator/**/*.ts',
  'src/{linalg,kernel,arrangement,operator,loss,program,prox,pricing,solver,certificate,network,path}/**/*.ts',
  'src/**/*.test.ts',
  'test/**/*.ts',
];

export default tseslint.config(
  // kernel/*.ts is AssemblyScript: its compiler checks it.
  { ignores: ['dist', 'dist-bench', 'out', 'coverage', 'node_modules', 'kernel/*.ts'] },
  eslint.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
  },
  {
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'Math',
          property: 'random',
          message: 'Randomness comes from an explicit seed: src/arrangement/random.ts.',
        },
      ],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      'max-lines': ['error', { max: 500 }],
    },
  },
  {
    files: ['**/*.{ts,tsx}'],
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  { files: numericFolders, rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
  { files: ['*.config.{js,ts}'], rules: { 'no-restricted-exports': 'off' } },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        Buffer: 'readonly',
        URL: 'readonly',
        console: 'readonly',
        process: 'readonly',
        performance: 'readonly',
        setTimeout: 'readonly',
      },
    },
  },
);
