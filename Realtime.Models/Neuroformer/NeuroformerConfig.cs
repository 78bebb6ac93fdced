namespace Realtime.Models.Neuroformer;

/// <summary>
/// The shape of a Neuroformer, under upstream's names where it has them. Defaults are those of the published Visnav lateral configuration.
/// Source: Antoniades et al. 2024 (arXiv 2311.00136); github.com/a-antoniades/Neuroformer, neuroformer/model_neuroformer.py.
/// </summary>
public sealed record NeuroformerConfig
{
    /// <summary>Neurons; SOS, EOS and PAD follow them in the vocabulary.</summary>
    public required int Neurons { get; init; }

    /// <summary>Time bins of the dt vocabulary; SOS, EOS and PAD follow them.</summary>
    public int DtBins { get; init; } = 6;

    public int NEmbd { get; init; } = 256;

    public int NHead { get; init; } = 8;

    /// <summary>Tokens of the current window, T.</summary>
    public int BlockId { get; init; } = 100;

    /// <summary>Tokens of the past window, P.</summary>
    public int BlockPrevId { get; init; } = 700;

    /// <summary>Blocks of the id encoder, and as many of the last stage.</summary>
    public int StateLayers { get; init; } = 6;

    /// <summary>Blocks that attend the past.</summary>
    public int HistoryLayers { get; init; } = 6;

    /// <summary>Blocks of the frame encoder, and as many that attend its result; 0 without frames.</summary>
    public int StimulusLayers { get; init; }

    /// <summary>Null without frames.</summary>
    public NeuroformerFrames? Frames { get; init; }

    /// <summary>Whether frame tokens pass through an encoder before they are attended; false leaves them as the convolution gives them.</summary>
    public bool VitEncoder { get; init; } = true;

    /// <summary>Learned positions.</summary>
    public bool PosEmb { get; init; } = true;

    /// <summary>Sinusoidal instead of learned time.</summary>
    public bool WaveEmb { get; init; }

    public IReadOnlyList<NeuroformerGroup> Groups { get; init; } = [];

    /// <summary>What the contrastive loss compares: "id", "eos", "frames", or GROUP.VARIABLE of an input; empty for no projection.</summary>
    public IReadOnlyList<string> ContrastiveVars { get; init; } = [];

    public double ClipTemp { get; init; } = 0.5;

    /// <summary>Length of a time bin, s.</summary>
    public double ResolutionDt { get; init; } = 0.01;

    /// <summary>Length of the current window, s.</summary>
    public double WindowCurr { get; init; } = 0.05;

    /// <summary>Length of the past window, s.</summary>
    public double WindowPrev { get; init; } = 0.05;

    /// <summary>Rows of the id table: neurons, SOS, EOS, PAD.</summary>
    public int IdWords => Neurons + 3;

    public int Sos => Neurons;

    public int Eos => Neurons + 1;

    public int Pad => Neurons + 2;

    /// <summary>Classes of the dt head.</summary>
    public int DtWords => DtBins + 3;

    public int DtEos => DtBins + 1;

    public int DtPad => DtBins + 2;

    public int HeadDim => NEmbd / NHead;

    /// <summary>Blocks of the frame encoder.</summary>
    public int FrameEncoderLayers => Frames is null || !VitEncoder ? 0 : StimulusLayers;

    /// <summary>Length of a time bin, ns.</summary>
    public long ResolutionNs => (long)Math.Round(ResolutionDt * 1e9);

    /// <summary>Length of the current window, ns.</summary>
    public long CurrNs => (long)Math.Round(WindowCurr * 1e9);

    /// <summary>Length of the past window, ns.</summary>
    public long PrevNs => (long)Math.Round(WindowPrev * 1e9);

    /// <summary>Places of an input by its name, GROUP.VARIABLE.</summary>
    /// <exception cref="ArgumentException">There is no such variable.</exception>
    public (int Group, int Variable) Input(string name)
    {
        for (var group = 0; group < Groups.Count; group++)
        {
            for (var variable = 0; variable < Groups[group].Variables.Count; variable++)
                if ($"{Groups[group].Name}.{Groups[group].Variables[variable].Name}" == name) return (group, variable);
        }

        throw new ArgumentException($"There is no variable '{name}'.", nameof(name));
    }
}
