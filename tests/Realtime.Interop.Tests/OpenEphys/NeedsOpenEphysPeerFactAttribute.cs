using Realtime.Tests;

namespace Realtime.Interop.Tests.OpenEphys;

/// <summary>A test against the stand-in for the Open Ephys GUI in the shared folder; skipped, with the reason, without it or without its
/// modules.</summary>
internal sealed class NeedsOpenEphysPeerFactAttribute : FactAttribute
{
    public NeedsOpenEphysPeerFactAttribute() =>
        Skip = RepositoryFiles.Shared is null
            ? "needs ../shared/tools/open_ephys_zmq_source.py, which is not beside this checkout"
            : PythonSkip.Reason(["zmq", "numpy"]);
}
