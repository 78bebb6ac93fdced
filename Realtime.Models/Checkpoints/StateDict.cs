using Realtime.Engine.Text;

namespace Realtime.Models.Checkpoints;

/// <summary>The weights and vocabularies of one model in a checkpoint, under today's upstream names without a prefix.</summary>
internal sealed class StateDict
{
    // The table that tells a model, one per family: POYO and POSSM, MtM, Neuroformer.
    private static readonly string[] Anchors = ["unit_emb.weight", MtmImport.Anchor, NeuroformerImport.Anchor];

    private const string VocabularyEnd = ".vocab";

    private readonly PyTorchCheckpoint _checkpoint;
    private readonly Dictionary<string, CheckpointTensor> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PickleDictionary> _vocabularies = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];

    private StateDict(PyTorchCheckpoint checkpoint)
    {
        _checkpoint = checkpoint;
        var root = checkpoint.Root as PickleDictionary ?? throw Wrong("", "holds no dictionary, so no state dict.", "Choose a checkpoint of Lightning, or save model.state_dict().");
        var entries = root;
        if (root.TryGet("state_dict", out var inner))
            entries = inner as PickleDictionary ?? throw Wrong("state_dict", "is no dictionary.", "Choose a checkpoint of Lightning, or save model.state_dict().");
        else if (root.TryGet("model", out inner) && inner is PickleDictionary model) entries = model;
        HyperParameters = FindHyperParameters(root);
        if (root != entries) Beside = root.Names.Where(name => name is not ("state_dict" or "model" or "hyper_parameters")).ToArray();
        Prefix = FindPrefix(entries);
        IsOldNaming = entries.Names.Any(name => name.StartsWith(Prefix + "perceiver_io.", StringComparison.Ordinal));
        Take(entries);
        Epoch = root.TryGet("epoch", out var epoch) && epoch is long number ? number : null;
    }

    /// <summary>What the checkpoint says about the model's configuration; null where it says nothing.</summary>
    public HyperParameters? HyperParameters { get; }

    /// <summary>What stands before the model's names, such as "model.".</summary>
    public string Prefix { get; }

    /// <summary>Whether the names were those of the first public POYO code (neuro-galaxy/poyo), and have been renamed.</summary>
    public bool IsOldNaming { get; }

    /// <summary>Entries of the checkpoint beside the state dict, which were passed over.</summary>
    public IReadOnlyList<string> Beside { get; } = [];

    /// <summary>Entries of the state dict that are not of this model or no floating point tensors, and were passed over.</summary>
    public List<string> PassedOver { get; } = [];

    /// <summary>The epoch that the checkpoint was saved in, where it says so.</summary>
    public long? Epoch { get; }

    public string File => _checkpoint.Name;

    /// <summary>Names of the tensors, in the order of the state dict.</summary>
    public IReadOnlyList<string> Names => _names;

    public IReadOnlyDictionary<string, CheckpointTensor> Tensors => _tensors;

    /// <exception cref="ModelFormatException">There is no state dict of a POYO or POSSM model in the checkpoint.</exception>
    public static StateDict Find(PyTorchCheckpoint checkpoint) => new(checkpoint);

    /// <summary>Length of one axis.</summary>
    /// <exception cref="ModelFormatException">There is no such tensor or axis, or it is far too long.</exception>
    public int Axis(string name, int axis)
    {
        const int longest = 1 << 24;
        if (!_tensors.TryGetValue(name, out var tensor))
            throw Wrong(Prefix + name, $"is missing{NearestName.Hint(name, _names)}.", "This is no complete state dict of a POYO or POSSM model.");
        if (axis < tensor.Shape.Count && tensor.Shape[axis] is >= 1 and <= longest) return (int)tensor.Shape[axis];
        throw Wrong(Prefix + name, $"is {tensor}, which fits no POYO or POSSM model.", "Check which model the checkpoint is of.");
    }

    public bool Has(string name) => _tensors.ContainsKey(name);

    /// <summary>Leaves out tensors that are known and not needed.</summary>
    public void PassOver(Func<string, bool> which)
    {
        foreach (var name in _names.Where(which).ToArray())
        {
            _names.Remove(name);
            _tensors.Remove(name);
            PassedOver.Add(Prefix + name);
        }
    }

    /// <summary>The words of a vocabulary by row; there is one for each row of the table, and row 0 is NA.</summary>
    /// <exception cref="ModelFormatException">The vocabulary is missing or does not fit its table.</exception>
    public string[] Words(string table)
    {
        var key = Prefix + table + VocabularyEnd;
        if (!_vocabularies.TryGetValue(table, out var vocabulary))
        {
            throw Wrong(key, "is missing: which row of the table belongs to which word is not known.",
                "Save model.state_dict() whole; the vocabularies are entries of it.");
        }

        var rows = Axis(table + ".weight", 0);
        if (vocabulary.Count != rows) throw Wrong(key, $"has {vocabulary.Count} words, but {table}.weight has {rows} rows.", "Save the state dict again.");
        var words = new string?[rows];
        foreach (var (word, row) in vocabulary.Entries)
        {
            if (word is not string text || row is not long at || at < 0 || at >= rows || words[at] is not null)
                throw Wrong(key, $"does not give each of the rows 0 to {rows - 1} one word.", "Save the state dict again.");
            words[at] = text;
        }

        if (words[0] != "NA") throw Wrong(key, $"has '{PickleInput.Shown(words[0]!)}' in row 0, where NA is due.", "This is no vocabulary of torch_brain.");
        return words!;
    }

    public ModelFormatException Wrong(string key, string what, string next) => new(File, key, what, next);

    private static HyperParameters? Gather(string source, PickleDictionary dictionary)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (key, value) in dictionary.Entries)
        {
            if (key is string name) values[name] = value;
        }

        return values.Count == 0 ? null : new HyperParameters(source, values);
    }

    private HyperParameters? FindHyperParameters(PickleDictionary root)
    {
        if (!root.TryGet("hyper_parameters", out var value) || value is not PickleDictionary all) return null;
        return all.TryGet("model", out var model) && model is PickleDictionary inner
            ? Gather($"{File}, hyper_parameters.model", inner)
            : Gather($"{File}, hyper_parameters", all);
    }

    private string FindPrefix(PickleDictionary entries)
    {
        var found = entries.Names.Where(name => Anchors.Any(anchor => name == anchor || name.EndsWith("." + anchor, StringComparison.Ordinal))).ToArray();
        if (found.Length == 1) return found[0][..^Anchors.First(anchor => found[0].EndsWith(anchor, StringComparison.Ordinal)).Length];
        if (found.Length > 1) throw Wrong(found[1], $"and '{found[0]}' both name input tables.", "Save the state dict of one model alone.");
        const int shown = 8;
        var names = entries.Names.Take(shown).Select(PickleInput.Shown);
        throw Wrong("", $"has none of {string.Join(", ", Anchors.Select(anchor => $"'{anchor}'"))}, so it holds no POYO, POSSM, MtM or Neuroformer model; it has {string.Join(", ", names)}{(entries.Count > shown ? ", ..." : "")}.",
            "Choose a checkpoint of one of these models.");
    }

    private void Take(PickleDictionary entries)
    {
        foreach (var (key, value) in entries.Entries)
        {
            var whole = key as string ?? "an entry without a name";
            if (!whole.StartsWith(Prefix, StringComparison.Ordinal)) PassedOver.Add(whole);
            else if (value is CheckpointTensor tensor) Add(whole, tensor);
            else if (value is PickleDictionary words && whole.EndsWith(VocabularyEnd, StringComparison.Ordinal))
                _vocabularies[whole[Prefix.Length..^VocabularyEnd.Length]] = words;
            else PassedOver.Add(whole);
        }
    }

    private void Add(string whole, CheckpointTensor tensor)
    {
        var name = Rename(whole[Prefix.Length..]);
        if (!_tensors.TryAdd(name, tensor)) throw Wrong(whole, $"and another entry both stand for '{name}'.", "Save the state dict again.");
        _names.Add(name);
    }

    /// <summary>
    /// Old names: the layers lay under perceiver_io, the type table was of spikes, and omega (2 pi / period, then zeros) was called inv_freq.
    /// Source: github.com/neuro-galaxy/poyo, poyo/models/poyo.py and poyo/nn.
    /// </summary>
    private string Rename(string name)
    {
        const string layers = "perceiver_io.";
        if (!IsOldNaming) return name;
        if (name.StartsWith(layers, StringComparison.Ordinal)) name = name[layers.Length..];
        return name switch
        {
            "spike_type_emb.weight" => "token_type_emb.weight",
            "rotary_emb.inv_freq" => "rotary_emb.omega",
            _ => name,
        };
    }
}
