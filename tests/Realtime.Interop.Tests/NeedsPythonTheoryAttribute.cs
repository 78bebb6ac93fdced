namespace Realtime.Interop.Tests;

/// <summary>A theory against a Python peer; skips and fails as <see cref="NeedsPythonFactAttribute"/> does.</summary>
internal sealed class NeedsPythonTheoryAttribute : TheoryAttribute
{
    public NeedsPythonTheoryAttribute(params string[] modules) => Skip = PythonSkip.Reason(modules);
}
