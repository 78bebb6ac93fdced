namespace Realtime.Interop.Tests;

/// <summary>
/// A test against a Python peer. Where Python or a module is missing the test is skipped with that reason; under CI=true it runs and
/// fails instead, so that a gap in the build machine cannot pass as success.
/// </summary>
internal sealed class NeedsPythonFactAttribute : FactAttribute
{
    public NeedsPythonFactAttribute(params string[] modules) => Skip = PythonSkip.Reason(modules);
}
