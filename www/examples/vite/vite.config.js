export default {
  base: './', // any folder of any server
  // Vite's development server would move the package's script away from its module and its images.
  optimizeDeps: { exclude: ['separation-playground'] },
};
