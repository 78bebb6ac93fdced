using System.Globalization;
using System.Reflection;
using Realtime.Engine.Decoding;
using Realtime.Engine.Text;
using Realtime.Models.Weights;

namespace Realtime.Models.Checkpoints;

/// <summary>What both kinds of model need on their way from a checkpoint to a model file.</summary>
internal sealed class ImportContext(PyTorchCheckpoint checkpoint, StateDict state, ImportOptions options)
{
    /// <summary>Room for what is not in the file at full size: half precision becomes single, and some tensors may repeat their numbers.</summary>
    private const long Slack = 64 << 20;

    /// <summary>A model file is one array while it is made.</summary>
    private const long MaxModelBytes = 1_800_000_000;

    private readonly HyperParameters _hyper = options.HyperParameters ?? state.HyperParameters
        ?? throw state.Wrong("hyper_parameters", "are missing, and the tensors do not tell them all.",
            $"Give the model's configuration with --config: a file, or one of {string.Join(", ", HyperParameters.Published.Keys)}.");

    public StateDict State => state;

    public ImportOptions Options => options;

    public HyperParameters Hyper => _hyper;

    public List<string> Notes { get; } = [];

    /// <summary>Width of a head, from the rotary frequencies.</summary>
    public int DimHead => Told("dim_head", 2 * state.Axis("rotary_emb.omega", 0));

    public int Dim => Told("dim", state.Axis("unit_emb.weight", 1));

    public int CrossHeads => Told("cross_heads", Heads("enc_atn.to_q.weight", 1));

    public int Depth => Told("depth", Count("proc_layers."));

    /// <summary>From the first processor layer; without layers it does not matter.</summary>
    public int SelfHeads(int otherwise) => Depth > 0 ? Told("self_heads", Heads("proc_layers.0.0.to_qkv.weight", 3)) : otherwise;

    /// <summary>What the tensors tell, which must be what the configuration says where that says something.</summary>
    public int Told(string name, int value)
    {
        if (_hyper.Number(name) is { } said && said != value)
        {
            throw new ModelFormatException(_hyper.Source, name, string.Create(CultureInfo.InvariantCulture, $"is {said}, but the tensors of {state.File} say {value}."),
                "Configuration and weights are not of one model: give the right --config.");
        }

        return value;
    }

    /// <summary>Different numbers that follow a prefix, such as the layers of "proc_layers.".</summary>
    public int Count(string prefix) => state.Names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
        .Select(name => name[prefix.Length..].Split('.', '_')[0]).Distinct(StringComparer.Ordinal).Count();

    /// <summary>Refuses tensors that the network of this program does not have.</summary>
    public void RefuseUnknown(string model, Func<string, bool> known)
    {
        var unknown = state.Names.FirstOrDefault(name => !known(name));
        if (unknown is null) return;
        throw state.Wrong(state.Prefix + PickleInput.Shown(unknown), $"is a tensor that {model} as this program computes it does not have.",
            "The checkpoint is of another network; it would decode something else without this tensor.");
    }

    /// <summary>The word that queries use.</summary>
    public string Session(string[] words)
    {
        const int shown = 5;
        var known = words[1..];
        if (options.Session is { } asked)
        {
            if (known.Contains(asked)) return asked;
            throw state.Wrong(state.Prefix + "session_emb.vocab", $"has no session '{asked}'{NearestName.Hint(asked, known)}. {Some()}", "Give one of these with --session.");
        }

        if (known.Length == 1) return known[0];
        throw state.Wrong(state.Prefix + "session_emb.vocab", known.Length == 0 ? "knows no session." : $"knows several sessions. {Some()}",
            known.Length == 0 ? "The model cannot be asked about any." : "Say with --session which one's embedding the queries shall use.");

        string Some() => $"It knows {known.Length}: {string.Join(", ", known.Take(shown).Select(PickleInput.Shown))}{(known.Length > shown ? ", ..." : "")}.";
    }

    /// <summary>The units of the model file, and their rows.</summary>
    public (UnitAssignment[] Units, int[] Rows) Units(string[] words, string session, int sessions)
    {
        var key = state.Prefix + "unit_emb.vocab";
        var units = options.Units?.ToArray() ?? Default();
        var rowOf = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var row = 1; row < words.Length; row++) rowOf[words[row]] = row;
        var missing = units.FirstOrDefault(unit => !rowOf.ContainsKey(unit.Word));
        if (missing.Word is not null) throw state.Wrong(key, $"has no unit '{missing.Word}'{NearestName.Hint(missing.Word, rowOf.Keys)}.", "Mend the file given with --units.");
        if (units.GroupBy(unit => unit.Word).FirstOrDefault(group => group.Count() > 1) is { } twiceWord)
            throw state.Wrong(key, $"the word '{twiceWord.Key}' is assigned twice.", "Mend the file given with --units.");
        if (units.GroupBy(unit => unit.Unit).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw state.Wrong(key, $"the words {string.Join(" and ", twice.Select(unit => $"'{unit.Word}'").Take(2))} both stand for the unit {twice.Key}.", "Name the units apart with --units.");
        return (units, Array.ConvertAll(units, unit => rowOf[unit.Word]));

        UnitAssignment[] Default()
        {
            var mine = sessions == 1 ? words[1..] : words[1..].Where(word => word.StartsWith(session + "/", StringComparison.Ordinal)).ToArray();
            if (mine.Length > 0) return Array.ConvertAll(mine, word => UnitAssignment.FromWord(word, session));
            throw state.Wrong(key, words.Length == 1 ? "knows no unit." : $"has no word that begins with '{session}/', so it does not tell which of its {words.Length - 1} units are the session's.",
                "Name them with --units (docs/import.md).");
        }
    }

    public OutputChannel[] Outputs(int count)
    {
        var outputs = options.Outputs?.ToArray() ?? [.. Enumerable.Range(0, count).Select(i => new OutputChannel(FormattableString.Invariant($"out_{i}"), "1"))];
        if (outputs.Length == count) return outputs;
        throw state.Wrong("", $"has {count} outputs, but {outputs.Length} are named.", "Give --outputs one NAME:UNIT for each.");
    }

    /// <summary>One number per output, from none, one or all.</summary>
    public double[] PerOutput(string option, IReadOnlyList<double> values, int count)
    {
        if (values.Count == 1) return [.. Enumerable.Repeat(values[0], count)];
        if (values.Count == 0 || values.Count == count) return [.. values];
        throw state.Wrong("", $"has {count} outputs, but {option} has {values.Count} numbers.", "Give one number, or one for each output.");
    }

    public double QueryLag(double below, bool inclusive)
    {
        var lag = options.QueryLag;
        if (lag >= 0 && (inclusive ? lag <= below : lag < below)) return lag;
        throw state.Wrong("", string.Create(CultureInfo.InvariantCulture, $"cannot be asked {lag * 1e3} ms before the window's end, as its window has {below * 1e3} ms."), "Give a smaller --query-lag-ms.");
    }

    /// <summary>Everything that the network needs, as float32, after a look at how much that is.</summary>
    public List<TensorData> Tensors()
    {
        var bytes = (Int128)0;
        foreach (var name in state.Names) bytes += (Int128)state.Tensors[name].Count * sizeof(float);
        if (bytes > MaxModelBytes || bytes > (Int128)checkpoint.Length * 2 + Slack)
            throw state.Wrong("", $"unfolds to {bytes} bytes of weights, from {checkpoint.Length} bytes of file.", CheckpointAdvice.CopyAgain);
        foreach (var type in state.Tensors.Values.Where(tensor => tensor.Type != TensorType.F32).GroupBy(tensor => tensor.Type))
            Notes.Add($"{type.Count()} tensors were {type.Key.Name()}; {(type.Key == TensorType.F64 ? "rounded" : "widened")} to F32.");
        var tensors = new List<TensorData>();
        foreach (var name in state.Names)
        {
            var tensor = state.Tensors[name];
            tensors.Add(TensorData.Of(name, checkpoint.Floats(tensor, state.Prefix + name), [.. tensor.Shape]));
        }

        if (checkpoint.ChecksumsThatDiffer > 0)
        {
            Notes.Add($"{checkpoint.ChecksumsThatDiffer} parts of the file do not have the checksum that the zip states: it is damaged, or was saved with PyTorch's " +
                "checksums switched off. Compare it with the original.");
        }

        return tensors;
    }

    /// <summary>How the model came to be.</summary>
    public TrainingRecord Training(string session, int outputs)
    {
        var origin = $"imported from {Path.GetFileName(state.File)}, sha-256 {checkpoint.Sha256()}" + (state.Epoch is { } epoch ? FormattableString.Invariant($", epoch {epoch}") : "");
        return new TrainingRecord
        {
            Origin = WeightOrigin.Imported,
            Session = session,
            Train = [],
            Valid = [],
            Test = [],
            TargetMean = new double[outputs],
            ProgramVersion = typeof(ImportContext).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
            Note = options.Note.Length == 0 ? origin : $"{options.Note} ({origin})",
        };
    }

    /// <summary>The file's bytes, read back, and the record of what was done.</summary>
    public ImportedModel Finish(ModelConfig config, List<TensorData> tensors)
    {
        var bytes = ModelFile.ToBytes(config, tensors);
        var file = ModelFile.Parse(bytes, state.File);

        // The decoder checks every shape and number: whatever it refuses must be known now, not at the rig.
        if (ModelLoader.Kinds.Contains(config.Kind)) (ModelLoader.Create(file) as IDisposable)?.Dispose();
        var passed = new List<string>();
        if (state.Beside.Count > 0) passed.Add($"beside the state dict: {string.Join(", ", state.Beside.Select(PickleInput.Shown))}");
        if (checkpoint.Tensors > tensors.Count) passed.Add($"{checkpoint.Tensors - tensors.Count} tensors that are no weights of the model (optimiser moments and the like)");
        if (state.PassedOver.Count > 0) passed.Add($"in the state dict: {string.Join(", ", state.PassedOver.Take(10).Select(PickleInput.Shown))}{(state.PassedOver.Count > 10 ? ", ..." : "")}");
        return new ImportedModel
        {
            Bytes = bytes,
            File = file,
            Tensors = tensors.Count,
            Numbers = file.Tensors.Tensors.Values.Sum(tensor => tensor.Count),
            PassedOver = passed,
            Notes = Notes,
        };
    }

    private int Heads(string tensor, int parts)
    {
        var rows = state.Axis(tensor, 0);
        if (rows % (parts * DimHead) == 0) return rows / (parts * DimHead);
        throw state.Wrong(state.Prefix + tensor, $"has {rows} rows, which heads of {DimHead} (from rotary_emb.omega) do not divide.", "Check which model the checkpoint is of.");
    }
}
