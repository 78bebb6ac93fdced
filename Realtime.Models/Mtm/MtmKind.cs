namespace Realtime.Models.Mtm;

/// <summary>How model files name this kind.</summary>
public static class MtmKind
{
    public const string Name = "mtm";
}
