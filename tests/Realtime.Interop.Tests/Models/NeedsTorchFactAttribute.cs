namespace Realtime.Interop.Tests.Models;

/// <summary>A test against PyTorch; skipped with the reason where it is missing, but never in CI.</summary>
internal sealed class NeedsTorchFactAttribute : FactAttribute
{
    public NeedsTorchFactAttribute()
    {
        if (CheckpointPeer.MissingTorch is { } reason && Environment.GetEnvironmentVariable("CI") != "true") Skip = reason;
    }
}
