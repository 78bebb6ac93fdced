using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Models;
using Realtime.Models.Mtm;
using Realtime.Models.Neuroformer;
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

    /// <summary>Neuroformer that reads three frames of 8 x 10 pixels, 20 a second.</summary>
    public static NeuroformerConfig WithFrames { get; } = NeuroformerRandom.Tiny with
    {
        StimulusLayers = 1,
        Frames = new NeuroformerFrames { Count = 3, Height = 8, Width = 10, Kernel = [3, 4, 5], Stride = [3, 4, 5] },
    };

    /// <summary>Writes a model for a session's units; MtM begins anew at each trial, of 50 bins.</summary>
    public static void Write(string kind, Session session, string path)
    {
        var options = new RandomModelOptions { Units = session.Units.Units, Outputs = [new OutputChannel("cos_head_direction", "1")], Session = session.Name };
        ModelFile.Save(path, kind switch
        {
            PoyoRandom.Kind => PoyoRandom.Create(Poyo, options),
            MtmKind.Name => MtmRandom.Create(MtmRandom.Tiny, options, settings => settings with { TrialBins = 0 }),
            NeuroformerRandom.Kind => NeuroformerRandom.Create(NeuroformerRandom.Tiny, options),
            "frames" => NeuroformerRandom.Create(WithFrames, options),
            _ => PossmRandom.Create(Possm, options),
        });
    }
}
