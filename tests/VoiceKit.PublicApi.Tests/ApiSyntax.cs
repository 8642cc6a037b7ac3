using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace VoiceKit.PublicApi.Tests;

/// <summary>Declarations of C# from what reflection knows of them.</summary>
internal static class ApiSyntax
{
    private static readonly NullabilityInfoContext Nullability = new();

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte",
        [typeof(char)] = "char",
        [typeof(short)] = "short", [typeof(ushort)] = "ushort", [typeof(int)] = "int", [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong", [typeof(float)] = "float", [typeof(double)] = "double", [typeof(decimal)] = "decimal",
        [typeof(string)] = "string", [typeof(object)] = "object", [typeof(nint)] = "nint", [typeof(nuint)] = "nuint",
    };

    public static bool IsVisible(MethodAttributes attributes) =>
        (attributes & MethodAttributes.MemberAccessMask)
            is MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem;

    public static bool IsVisible(FieldAttributes attributes) =>
        (attributes & FieldAttributes.FieldAccessMask)
            is FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem;

    public static string Declaration(Type type)
    {
        var bases = new List<string>();
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum))
            bases.Add(Name(parent));
        bases.AddRange(Interfaces(type).Select(Name).Order(StringComparer.Ordinal));
        return $"public {Kind(type)} {NestedName(type)}" + (bases.Count > 0 ? " : " + string.Join(", ", bases) : "");
    }

    public static string Field(FieldInfo field)
    {
        var type = Name(field.FieldType, Nullability.Create(field));
        if (field.IsLiteral)
        {
            var value = Literal(field.GetRawConstantValue(), field.FieldType);
            return $"{Access(field.Attributes)}const {type} {field.Name} = {value}";
        }

        var words = (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "");
        return $"{Access(field.Attributes)}{words}{type} {field.Name}";
    }

    public static string Constructor(ConstructorInfo constructor) =>
        $"{Access(constructor.Attributes)}{PlainName(constructor.DeclaringType!)}({Parameters(constructor)})";

    public static string Property(PropertyInfo property)
    {
        var accessors = property.GetAccessors(nonPublic: true).Where(one => IsVisible(one.Attributes)).ToList();
        var words = accessors.Select(one => Accessor(one, accessors[0]));
        var indices = property.GetIndexParameters();
        var name = indices.Length > 0 ? $"this[{string.Join(", ", indices.Select(Parameter))}]" : property.Name;
        var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        var type = Name(property.PropertyType, Nullability.Create(property));
        return $"{Modifiers(accessors[0])}{required}{type} {name} {{ {string.Join(' ', words)} }}";
    }

    public static string Event(EventInfo @event) =>
        $"{Modifiers(@event.AddMethod!)}event {Name(@event.EventHandlerType!, Nullability.Create(@event))} {@event.Name}";

    public static string Method(MethodInfo method, string name)
    {
        var generics = method.IsGenericMethodDefinition
            ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>"
            : "";
        var self = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        return $"{Name(method.ReturnType, Nullability.Create(method.ReturnParameter))} {name}{generics}({self}{Parameters(method)})";
    }

    public static string Modifiers(MethodInfo method)
    {
        var isOverride = method.GetBaseDefinition() != method;
        var inheritance = method switch
        {
            { IsStatic: true, IsAbstract: true } => "static abstract ",
            { IsStatic: true } => "static ",
            { DeclaringType.IsInterface: true, IsAbstract: true } => "",
            { IsAbstract: true } => "abstract ",
            { IsVirtual: true } when isOverride => "override ",
            { IsVirtual: true, IsFinal: false } => "virtual ",
            _ => "",
        };
        return Access(method.Attributes) + inheritance;
    }

    public static string NestedName(Type type) =>
        (type is { IsGenericParameter: false, DeclaringType: { } outer } ? NestedName(outer) + "." : "") + WithGenerics(type);

    private static string Kind(Type type)
    {
        if (type.IsEnum)
            return (type.IsDefined(typeof(FlagsAttribute)) ? "[Flags] " : "") + "enum";
        if (type.IsInterface)
            return "interface";
        var record = type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance) is not null ? "record " : "";
        if (type.IsValueType)
        {
            var isReadOnly = type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "";
            return $"{isReadOnly}{(type.IsByRefLike ? "ref " : "")}{record}struct";
        }

        var sealing = type switch
        {
            { IsAbstract: true, IsSealed: true } => "static ",
            { IsAbstract: true } => "abstract ",
            { IsSealed: true } => "sealed ",
            _ => "",
        };
        return $"{sealing}{record}class";
    }

    private static IEnumerable<Type> Interfaces(Type type)
    {
        var all = type.GetInterfaces().Where(one => one.IsPublic || one.IsNestedPublic).ToList();
        var inherited = all.SelectMany(one => one.GetInterfaces()).Concat(type.BaseType?.GetInterfaces() ?? []).ToHashSet();
        return type.IsEnum ? [] : all.Where(one => !inherited.Contains(one));
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var direction = parameter switch
        {
            { IsOut: true } => "out ",
            { IsIn: true, ParameterType.IsByRef: true } => "in ",
            { ParameterType.IsByRef: true } => "ref ",
            _ when parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(ParamCollectionAttribute)) =>
                "params ",
            _ => "",
        };
        var value = parameter.HasDefaultValue ? " = " + Literal(parameter.DefaultValue, parameter.ParameterType) : "";
        return $"{direction}{Name(parameter.ParameterType, Nullability.Create(parameter))} {parameter.Name}{value}";
    }

    private static string Accessor(MethodInfo accessor, MethodInfo first)
    {
        var isInit = accessor.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));
        var word = accessor.Name.StartsWith("get_", StringComparison.Ordinal) ? "get" : isInit ? "init" : "set";
        return (Access(accessor.Attributes) == Access(first.Attributes) ? "" : Access(accessor.Attributes)) + word + ";";
    }

    private static string Access(MethodAttributes attributes) =>
        (attributes & MethodAttributes.MemberAccessMask) == MethodAttributes.Public ? "" : "protected ";

    private static string Access(FieldAttributes attributes) =>
        (attributes & FieldAttributes.FieldAccessMask) == FieldAttributes.Public ? "" : "protected ";

    private static string Literal(object? value, Type type) => value switch
    {
        null when type.IsValueType && Nullable.GetUnderlyingType(type) is null => "default",
        null => "null",
        bool flag => flag ? "true" : "false",
        string text => $"\"{text}\"",
        char letter => $"'{letter}'",
        _ when (Nullable.GetUnderlyingType(type) ?? type) is { IsEnum: true } @enum =>
            $"{@enum.Name}.{Enum.ToObject(@enum, value)}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Name(Type type) => Name(type, null);

    private static string Name(Type type, NullabilityInfo? info)
    {
        if (type.IsByRef)
            return Name(type.GetElementType()!, info?.ElementType ?? info);
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return Name(underlying, info is { GenericTypeArguments: [var inner] } ? inner : null) + "?";
        var mark = info is { ReadState: NullabilityState.Nullable } && !type.IsValueType && !type.IsGenericParameter ? "?" : "";
        if (type.IsArray)
            return Name(type.GetElementType()!, info?.ElementType) + "[]" + mark;
        if (Keywords.TryGetValue(type, out var keyword))
            return keyword + mark;
        return WithArguments(type, info) + mark;
    }

    private static string WithArguments(Type type, NullabilityInfo? info)
    {
        if (!type.IsGenericType)
            return NestedName(type);
        var arguments = type.GetGenericArguments();
        var names = arguments.Select((argument, i) => Name(argument, info?.GenericTypeArguments.ElementAtOrDefault(i))).ToArray();
        return type.FullName?.StartsWith("System.ValueTuple`", StringComparison.Ordinal) == true
            ? $"({string.Join(", ", names)})"
            : $"{PlainName(type)}<{string.Join(", ", names)}>";
    }

    private static string WithGenerics(Type type) => type.IsGenericTypeDefinition
        ? $"{PlainName(type)}<{string.Join(", ", type.GetGenericArguments().Select(argument => argument.Name))}>"
        : PlainName(type);

    private static string PlainName(Type type) => type.Name.Split('`')[0];
}
