namespace Realtime.Models.Neuroformer;

/// <summary>How model files name this kind.</summary>
public static class NeuroformerKind
{
    public const string Name = "neuroformer";
}
