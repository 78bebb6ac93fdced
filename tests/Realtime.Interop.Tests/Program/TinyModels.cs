using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Models;
using Realtime.Models.Possm;
using Realtime.Models.Poyo;
using Realtime.Models.Transformer;

namespace Realtime.Interop.Tests.Program;

/// <summary>Transformers too small to take time, with random weights.</summary>
internal static class TinyModels
{
    /// <summary>POYO with a window of 200 ms.</summary>
    public static PoyoConfig Poyo { get; } = new() { SequenceLength = 0.2, LatentStep = 0.05, NumLatentsPerStep = 2, Dim = 16, Depth = 1, DimHead = 8, CrossHeads = 1, SelfHeads = 2 };

    /// <summary>POSSM with chunks of 50 ms.</summary>
    public static PossmConfig Possm { get; } = new() { Dim = 16, DimHead = 8, RnnDim = 12 };

    /// <summary>Writes a model for a session's units.</summary>
    public static void Write(string kind, Session session, string path)
    {
        var options = new RandomModelOptions { Units = session.Units.Units, Outputs = [new OutputChannel("cos_head_direction", "1")], Session = session.Name };
        ModelFile.Save(path, kind == PoyoRandom.Kind ? PoyoRandom.Create(Poyo, options) : PossmRandom.Create(Possm, options));
    }
}
